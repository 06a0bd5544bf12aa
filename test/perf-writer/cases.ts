/** The cases below corpus/perf-data: each form of a recording, each kind of damage. */
import { writeSession } from "./session.ts"

export interface PerfCase {
  readonly folder: string
  readonly shows: string
  readonly bytes: Buffer
}

/** Offset of the n-th record of the type in a little endian file. */
function findRecord(bytes: Buffer, type: number, skip = 0): number {
  let at = Number(bytes.readBigUInt64LE(40))
  for (let left = skip; at + 8 <= bytes.length; at += bytes.readUInt16LE(at + 6))
    if (bytes.readUInt32LE(at) === type && left-- === 0) return at
  throw new Error(`no record of type ${type}`)
}

function changed(bytes: Buffer, change: (bytes: Buffer) => void): Buffer {
  const copy = Buffer.from(bytes)
  change(copy)
  return copy
}

const file = writeSession().bytes
const zstd = writeSession({ isCompressed: true }).bytes
const lossy = writeSession()
lossy.lost({ pid: 102, cpu: 1, ns: 8_000_000_000 }, 4711)
lossy.record(13, lossSamples(5000))

function lossSamples(count: number): Buffer {
  const body = Buffer.alloc(40)
  body.writeBigUInt64LE(BigInt(count), 0)
  return body
}

const FORGED =
  "nl\n         evil 99999 [000]     7.000000: sched:sched_process_exec: filename=x pid=99999 old_pid=99999"

export const PERF_CASES: readonly PerfCase[] = [
  {
    folder: "forms/file",
    shows: "A file with formats behind its data; two CPUs whose records interleave.",
    bytes: file,
  },
  {
    folder: "forms/pipe",
    shows: "The same session out of a pipe.",
    bytes: writeSession({ form: "pipe" }).bytes,
  },
  {
    folder: "forms/zstd",
    shows: "The same session compressed; records go on in the next piece.",
    bytes: zstd,
  },
  {
    folder: "forms/big-endian",
    shows: "The same session by a recorder of the other order of bytes.",
    bytes: writeSession({ isBigEndian: true }).bytes,
  },
  {
    folder: "forms/cgroups",
    shows: "Samples with the control group of their thread.",
    bytes: writeSession({ hasCgroups: true }).bytes,
  },
  {
    folder: "forms/lost",
    shows: "4,711 lost records told by a LOST record, 289 more by the kernel's counts only.",
    bytes: lossy.bytes,
  },
  {
    folder: "forms/hostile-names",
    shows:
      "A file name that would forge a line of perf script's text, and a thread's name that is not UTF-8.",
    bytes: writeSession({}, { comm: Buffer.from([0xff, 0x1b, 0x5b, 0x41]), path: FORGED }).bytes,
  },
  {
    folder: "damaged/killed",
    shows: "The recorder was killed: no formats, all records.",
    bytes: writeSession({ form: "killed" }).bytes,
  },
  {
    folder: "damaged/cut",
    shows: "The file ends within its data.",
    bytes: file.subarray(0, findRecord(file, 9, 9) + 20),
  },
  {
    folder: "damaged/zeroed",
    shows: "Records are blank; those around them are read.",
    bytes: changed(file, (bytes) => bytes.fill(0, findRecord(bytes, 9, 2), findRecord(bytes, 9, 4))),
  },
  {
    folder: "damaged/short-raw",
    shows: "A sample says that it holds more data than it has.",
    bytes: changed(file, (bytes) => void bytes.writeUInt32LE(60_000, findRecord(bytes, 9, 1) + 56)),
  },
  {
    folder: "damaged/zstd",
    shows: "A compressed record is damaged: all behind it are lost.",
    bytes: changed(zstd, (bytes) =>
      bytes.fill(0x55, findRecord(bytes, 83, 4) + 20, findRecord(bytes, 83, 4) + 60),
    ),
  },
  {
    folder: "damaged/formats",
    shows: "The formats are cut: samples are given as they lie there, records of tasks as ever.",
    bytes: changed(
      file,
      (bytes) => void bytes.fill(0xff, bytes.indexOf("tracing") + 30, bytes.indexOf("tracing") + 60),
    ),
  },
]
