/** Logs that were torn, tampered with, left open or exported in part. */
import {
  dropChecksums,
  exportSome,
  hideRecordBehind,
  insertBlankChunk,
  leaveOpen,
  spoilChecksum,
  spoilChunkMagic,
  tearRecord,
  truncateFile,
  zeroTail,
} from "../damage.ts"
import { eventData } from "../event.ts"
import { demoEvent } from "../events.ts"
import { type EvtxFile, evtxFile } from "../file.ts"
import { uint32, unicode } from "../value.ts"
import { type EvtxCase, row } from "./case.ts"

/** Long enough that a record reaches over a border of 512 bytes. */
const TEXT = "The quick brown fox jumps over the lazy dog. ".repeat(8)

const demo = (at: number, headerId = at) =>
  demoEvent(
    { recordId: at, second: at, headerId },
    eventData({ Text: unicode(`${at}: ${TEXT}`), [at % 2 === 0 ? "Even" : "Odd"]: uint32(at) }),
  )

const six = [1, 2, 3, 4, 5, 6].map((at) => demo(at))
const whole = evtxFile({ records: six })
const twoChunks = evtxFile({ records: six, recordsPerChunk: 3 })

/** Rows of the records that are read in any case. */
const rowsOf = (...ids: readonly number[]) =>
  ids.map((id) => row("windows_events", { record_id: id, eventid: 100 }))
const ALL = rowsOf(1, 2, 3, 4, 5, 6)

const damaged = (name: string, shows: string, file: EvtxFile, rows: EvtxCase["rows"]): EvtxCase => ({
  folder: `damaged/${name}`,
  shows,
  how: "written by test/evtx-writer, then damaged",
  file,
  rows,
})

export const DAMAGED_CASES: readonly EvtxCase[] = [
  damaged(
    "torn-record",
    "The third record ends in zeros, its size at the end among them.",
    tearRecord(whole, 2),
    rowsOf(1, 2, 4, 5, 6),
  ),
  damaged(
    "zeroed-tail",
    "The last sectors were never written: zeros where the chunk's header tells of records.",
    zeroTail(whole, 4),
    rowsOf(1, 2, 3, 4),
  ),
  damaged(
    "bad-record-checksum",
    "All records are read, the checksum over them is wrong.",
    spoilChecksum(whole, "records"),
    ALL,
  ),
  damaged(
    "bad-chunk-checksum",
    "The checksum of a chunk's header is wrong.",
    spoilChecksum(twoChunks, "header", 1),
    ALL,
  ),
  damaged(
    "bad-file-checksum",
    "The checksum of the file's header is wrong.",
    spoilChecksum(whole, "file"),
    ALL,
  ),
  damaged("no-checksums", "Flags say that there are no checksums.", dropChecksums(whole), ALL),
  damaged(
    "bad-chunk-magic",
    "The second of two chunks has lost its magic.",
    spoilChunkMagic(twoChunks, 1),
    rowsOf(1, 2, 3),
  ),
  damaged(
    "hidden-record",
    "The second record has swallowed the third, as eventlogedit does it; ids behind count one less.",
    hideRecordBehind(whole, 1),
    rowsOf(1, 2),
  ),
  damaged(
    "slack",
    "An export of the first two of six records, into the buffer that held them all.",
    exportSome(six, (at) => at < 2),
    rowsOf(1, 2),
  ),
  damaged(
    "slack-written-over",
    "An export of the fourth record alone: what the others in the slack refer to was written over.",
    exportSome(six, (at) => at === 3),
    rowsOf(4),
  ),
  damaged(
    "dirty-3.2",
    "A log of Windows 10 that was open: headers of file and last chunk are old, blank chunks behind.",
    leaveOpen(evtxFile({ records: six, recordsPerChunk: 3, minorVersion: 2, blankChunks: 1 }), 1),
    ALL,
  ),
  damaged("blank-chunk", "A chunk of zeros between two with records.", insertBlankChunk(twoChunks, 1), ALL),
  damaged(
    "cut-in-record",
    "The file ends within its last record but one.",
    truncateFile(whole, 4096 + (whole.records[4]?.offset ?? 0) + 100),
    rowsOf(1, 2, 3, 4),
  ),
  damaged(
    "header-only",
    "A log without chunks.",
    { bytes: Buffer.from(whole.bytes.subarray(0, 4096)), records: [] },
    [],
  ),
  damaged(
    "renumbered",
    "An export: headers count from 1, the events keep their numbers and have holes among them.",
    evtxFile({ records: [101, 102, 105, 110].map((id, at) => demo(id, at + 1)) }),
    rowsOf(101, 102, 105, 110),
  ),
  damaged(
    "missing-ids",
    "A live log in which two records are missing and one is earlier than the one before it.",
    evtxFile({
      records: [demo(1), demo(2), demo(5), demoEvent({ recordId: 6, second: 2 }), demo(7)],
    }),
    rowsOf(1, 2, 5, 6, 7),
  ),
]
