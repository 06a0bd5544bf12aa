/** A captured row's file and offset are those that it has after an ingest of the log that was, or could be, written. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { RecordPlaces } from "../../../../../src/app/capture/audit/record-places.ts"
import { RawLog } from "../../../../../src/app/capture/raw-log.ts"
import { SourceLedger } from "../../../../../src/app/ingest/source-ledger.ts"
import { LinuxAuditReader } from "../../../../../src/app/reading/linux-audit-reader.ts"
import { writeLine } from "../../../../../src/formats/linux-audit/auditd-line.ts"
import { ObjectSink } from "../../../../../src/rows/object-sink.ts"
import { CORPUS, hasShared, NEEDS_SHARED, readPaths, SHARED } from "../../../../acceptance/read-rows.ts"
import { netlinkMessages } from "../../../formats/linux-audit/netlink-messages.ts"

const TOUR = path.join(CORPUS, "debian-12-linux-6.18/tour-netlink/input.netlink.bin")
const NOW_MS = 1_700_000_000_000
const RUN = 1

let folder: string
let rawPath: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "retrail-places-"))
  rawPath = path.join(folder, "audit.log")
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

interface Captured {
  readonly places: readonly string[]
  readonly ledger: SourceLedger
}

/** Sends the messages of a recording through the parser as a capture does. @param maxBytes of a raw log; none when absent */
function capture(recording: Buffer, maxBytes?: number): Captured {
  const ledger = new SourceLedger([], RUN)
  const sink = new ObjectSink()
  const ignore = () => {}
  const reader = new LinuxAuditReader({ writer: sink, host: "", problem: ignore, gap: ignore })
  const hasRawLog = maxBytes !== undefined
  const places = new RecordPlaces({
    sources: ledger,
    path: hasRawLog ? rawPath : "audit socket",
    hasRawLog,
    nowMs: () => NOW_MS,
  })
  const raw = hasRawLog
    ? new RawLog({ path: rawPath, maxBytes, keep: 999, onRotate: places.rotated })
    : undefined
  places.begin(raw, (sourceId, tally) =>
    reader.beginKernel(sourceId, tally, {
      place: (type, buffer, start, end, place) => places.place(type, buffer, start, end, place),
      control: ignore,
    }),
  )
  reader.push(Buffer.from(recording), 0)
  reader.end()
  places.close()
  raw?.close()
  const paths = new Map(ledger.known.rows.map((row) => [row.id, row.path]))
  return {
    ledger,
    places: placesOf(
      sink.rows.map(({ table, values }) => ({ ...values, table })),
      paths,
    ),
  }
}

function placesOf(rows: readonly Record<string, unknown>[], paths: ReadonlyMap<unknown, string>): string[] {
  return rows
    .map(
      (row) => `${row.table} ${row.record_id} in ${paths.get(Number(row.source_id))} at ${row.source_offset}`,
    )
    .sort()
}

async function readPlaces(): Promise<{
  readonly places: readonly string[]
  readonly sizes: readonly number[]
}> {
  const { rows, sources } = await readPaths([folder])
  const paths = new Map(sources.map(({ id, facts }) => [id, facts.path]))
  const all = [...rows].flatMap(([table, list]) => list.map((row) => ({ ...row, table })))
  return { places: placesOf(all, paths), sizes: sources.map(({ facts }) => facts.storedSize) }
}

/** The log that auditd would have written. */
function asLog(recording: Buffer): Buffer {
  const line = Buffer.alloc(70_000)
  const lines = [...netlinkMessages(recording)].map((message) =>
    Buffer.from(line.subarray(0, writeLine(message, line, 0))),
  )
  return Buffer.concat(lines)
}

const RECORDINGS: readonly (readonly [string, string, number])[] = [
  ["the tour", TOUR, 4000],
  ...(hasShared
    ? ([["the real capture", path.join(SHARED, "linux-audit/real/netlink.bin"), 1024 * 1024]] as const)
    : []),
]

describe.each(RECORDINGS)(`places of %s ${NEEDS_SHARED}`, (_name, file, maxBytes) => {
  const recording = readFileSync(file)

  it("without a raw log are those in the log that auditd would have written", async () => {
    const { places, ledger } = capture(recording)
    writeFileSync(rawPath, asLog(recording))
    const read = await readPlaces()
    expect(places.map((place) => place.replace("in audit socket at", `in ${rawPath} at`))).toEqual(
      read.places,
    )
    expect(places.length).toBeGreaterThan(10)
    expect(ledger.known.rows).toMatchObject([
      { state: "done", variant: "kernel", format: "linux-audit", size: read.sizes[0] },
    ])
  })

  it("with a raw log that rotates are those in its files, under their last names", async () => {
    const { places, ledger } = capture(recording, maxBytes)
    const read = await readPlaces()
    expect(places).toEqual(read.places)
    const rows = ledger.known.rows
    expect(rows.length).toBeGreaterThan(2)
    const names = rows.map((_row, at) =>
      at === rows.length - 1 ? rawPath : `${rawPath}.${rows.length - 1 - at}`,
    )
    expect(rows.map((row) => row.path)).toEqual(names)
    expect(rows.map((row) => row.size).sort()).toEqual([...read.sizes].sort())
    expect(
      rows.every((row) => row.state === "done" && row.variant === "auditd" && row.firstTime !== null),
    ).toBe(true)
  })
})

describe("a raw log that is there already", () => {
  it("is gone on with: offsets count from its end", () => {
    writeFileSync(rawPath, `type=DAEMON_START msg=audit(1.000:1): op=start\n`, { mode: 0o600 })
    const size = readFileSync(rawPath).length
    const { places } = capture(readFileSync(TOUR), 1e9)
    const least = Math.min(...places.map((place) => Number(place.split(" at ")[1])))
    expect(least).toBeGreaterThanOrEqual(size)
  })
})
