/** Runs the parser over a file and keeps what it gives, as XML. */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { gunzipSync } from "node:zlib"
import { GrowingBytes } from "../../../../../src/base/growing-bytes.ts"
import type { Gap, Problem } from "../../../../../src/base/problem.ts"
import type { EventPlace, EventTape } from "../../../../../src/formats/windows/event-tape.ts"
import { EvtxParser } from "../../../../../src/formats/windows/evtx/evtx-parser.ts"
import type { WindowsEventConsumer } from "../../../../../src/formats/windows/parser.ts"
import { XmlRenderer } from "../../../../../src/formats/windows/render/xml.ts"
import { ShapeTable } from "../../../../../src/formats/windows/shape.ts"

const SHARED = path.resolve(import.meta.dirname, "../../../../../../shared/data/windows")
export const WITHOUT_SHARED = "skipped: needs the shared test data"
export const hasShared = existsSync(SHARED)

export interface ReadEvent {
  readonly offset: number
  readonly length: number
  readonly headerId: number
  readonly recovered: string
  readonly xml: string
}

export class Collector implements WindowsEventConsumer {
  readonly events: ReadEvent[] = []
  readonly problems: Problem[] = []
  readonly gaps: (Gap & { readonly host: string })[] = []
  wants?: (eventId: number, second: number) => boolean
  readonly #out = new GrowingBytes(64 * 1024)
  readonly #shapes = new ShapeTable()
  readonly #xml = new XmlRenderer()

  event(tape: EventTape, place: EventPlace): void {
    this.#out.clear()
    this.#xml.render(tape, this.#shapes.find(tape), this.#out)
    const xml = this.#out.bytes.utf8Slice(0, this.#out.used)
    this.events.push({ ...place, xml })
  }

  problem(problem: Problem): void {
    this.problems.push(problem)
  }

  gap(gap: Gap, host: string): void {
    this.gaps.push({ ...gap, host })
  }
}

export interface ReadOptions {
  readonly recover?: boolean
  readonly piece?: number
  readonly variant?: string
}

export function readEvtx(bytes: Buffer, options: ReadOptions = {}): Collector {
  const consumer = new Collector()
  const parser = new EvtxParser({ consumer, recover: options.recover ?? false })
  parser.beginSource({ sourceId: 1, variant: options.variant ?? "evtx", modifiedMs: 0 })
  const piece = options.piece ?? bytes.length
  for (let at = 0; at < bytes.length; at += piece) parser.push(bytes.subarray(at, at + piece), at)
  parser.endSource()
  return consumer
}

export interface OracleRecord {
  readonly n: number
  readonly rid: string
  readonly chunk: number
  readonly off: number
  readonly size: number
  readonly corrupt?: string
  readonly xml: string
  readonly dup_of_live?: boolean
}

/** Every EVTX file of the shared data: its name, and where its oracles lie. */
export function sharedFiles(): { readonly name: string; readonly file: string; readonly oracle: string }[] {
  if (!hasShared) return []
  const folders = readdirSync(SHARED, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return folders.flatMap(({ name: folder }) =>
    readdirSync(path.join(SHARED, folder))
      .filter((name) => name.endsWith(".evtx"))
      .map((name) => ({
        name: `${folder}/${name}`,
        file: path.join(SHARED, folder, name),
        oracle: path.join(SHARED, folder, "oracle", name),
      })),
  )
}

export function readOracle(file: string): OracleRecord[] {
  if (!existsSync(file)) return []
  const text = gunzipSync(readFileSync(file)).toString("utf8")
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as OracleRecord)
}

/** Where the oracle says a record lies. */
export function offsetOf(record: OracleRecord): number {
  return 4096 + record.chunk * 65_536 + record.off
}
