/**
 * The formats of a recording's events, as perf copies them out of tracefs.
 *
 *   17 08 44 "tracing" "0.6\0"  u8 big endian  u8 long size  u32 page size  header_page  header_event
 *   u32 n ftrace formats  u32 n systems {name, u32 n formats}  kallsyms  printk  [saved cmdlines]
 *
 * Source: Linux' tools/perf/util/trace-event-info.c.
 */
import { ByteCursor } from "./byte-cursor.ts"
import { type EventFormat, parseEventFormat } from "./event-format.ts"

const MAGIC = Buffer.from([0x17, 0x08, 0x44, ...Buffer.from("tracing")])
const MOST_EVENTS = 100_000
const MOST_COMMANDS = 1_000_000
/** The first version with a list of thread names. */
const VERSION_WITH_COMMANDS = 0.6

export interface TracingData {
  readonly isBigEndian: boolean
  readonly longBytes: number
  /** By id, the config of the event's attribute. */
  readonly formats: ReadonlyMap<number, EventFormat>
  /** Texts that events name by their address in the kernel, by the address in hex. */
  readonly printk: ReadonlyMap<string, string>
  /** Whether the bytes end early; what came before is there. */
  readonly isCut: boolean
}

/** null for bytes that are none. */
export function readTracingData(bytes: Buffer): TracingData | null {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null
  const start = new ByteCursor(bytes, false, MAGIC.length)
  const version = Number(start.cString())
  const isBigEndian = start.u8() === 1
  const longBytes = start.u8() === 4 ? 4 : 8
  const cursor = new ByteCursor(bytes, isBigEndian, start.at)
  cursor.u32()
  for (let header = 0; header < 2; header++) {
    cursor.cString()
    cursor.slice(cursor.u64())
  }
  const formats = new Map<number, EventFormat>()
  readFormats(cursor, "ftrace", formats)
  const systems = cursor.u32()
  for (let system = 0; system < systems && !cursor.isOver; system++)
    readFormats(cursor, cursor.cString(), formats)
  const hasAll = !cursor.isOver
  cursor.slice(cursor.u32())
  const printk = readPrintk(cursor.slice(cursor.u32()).latin1Slice())
  if (version >= VERSION_WITH_COMMANDS) cursor.u64()
  return { isBigEndian, longBytes, formats, printk, isCut: !hasAll }
}

function readFormats(cursor: ByteCursor, system: string, formats: Map<number, EventFormat>): void {
  const count = cursor.u32()
  for (let at = 0; at < count && !cursor.isOver && formats.size < MOST_EVENTS; at++) {
    const text = cursor.slice(cursor.u64())
    if (cursor.isOver) return
    const format = parseEventFormat(system, text.latin1Slice())
    if (format !== null) formats.set(format.id, format)
  }
}

/** Lines of `0xffffffff82842cf7 : "Timer"`. */
function readPrintk(text: string): Map<string, string> {
  const texts = new Map<string, string>()
  for (const line of text.split("\n")) {
    const found = /^(?:0x)?([0-9a-f]+)\s*:\s*"(.*)"\s*$/.exec(line)
    if (found !== null && texts.size < MOST_COMMANDS) texts.set(found[1] ?? "", found[2] ?? "")
  }
  return texts
}
