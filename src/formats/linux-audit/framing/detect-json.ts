/** Recognises audit records saved as JSON: by journalctl, go-audit, laurel, dmesg. */
import type { Confidence } from "../../format.ts"
import type { Variant } from "./create.ts"
import { JsonScanner } from "./json-scanner.ts"
import { type ObjectShape, type ParsedObject, parseObject } from "./object-reader.ts"

/** So many objects are looked at. */
const OBJECTS = 200
const LF = 0x0a
const OPEN_BRACE = 0x7b

interface JsonFinding {
  readonly variant: Variant
  readonly confidence: Confidence
  readonly why: string
  readonly firstTimeMs: number
}

interface Census {
  readonly shapes: Map<ObjectShape, number>
  records: number
  hasLineBreaks: boolean
  firstTimeMs: number
}

/** Null when the first objects are no audit records. */
export function detectJson(head: Buffer): JsonFinding | null {
  if (!beginsLikeJson(head)) return null
  const census: Census = { shapes: new Map(), records: 0, hasLineBreaks: false, firstTimeMs: Number.NaN }
  for (const [object, hasLineBreaks] of objectsOf(head)) {
    census.shapes.set(object.shape, (census.shapes.get(object.shape) ?? 0) + 1)
    if (hasLineBreaks) census.hasLineBreaks = true
    if (!isRecord(object)) continue
    census.records++
    if (Number.isNaN(census.firstTimeMs)) census.firstTimeMs = timeOf(object)
  }
  return judge(census)
}

function judge(census: Census): JsonFinding | null {
  const { shapes, records, firstTimeMs } = census
  const all = [...shapes.values()].reduce((sum, count) => sum + count, 0)
  const [shape, count] = [...shapes].reduce((best, one) => (one[1] > best[1] ? one : best), ["unknown", 0])
  if (shape === "unknown" || count * 2 < all || (shape === "dmesg" && records === 0)) return null
  const variant = variantOf(shape, census.hasLineBreaks)
  const confidence = records > 0 ? "certain" : "possible"
  const why = `${records} of the first ${all} JSON objects hold audit records`
  return { variant, confidence, why, firstTimeMs }
}

function variantOf(shape: Exclude<ObjectShape, "unknown">, hasLineBreaks: boolean): Variant {
  if (shape === "journald") return hasLineBreaks ? "journald-json-pretty" : "journald-json"
  return shape === "dmesg" ? "dmesg-json" : shape
}

/** An object, a list, or a piece of `dmesg --json` that begins inside an object. */
function beginsLikeJson(head: Buffer): boolean {
  const text = head.latin1Slice(0, Math.min(head.length, 200))
  return /^(?:\xef\xbb\xbf)?\x1e?(?:data: )?\s*(?:[[{]|"(?:pri|time|msg|caller)"\s*:)/.test(text)
}

/** The first whole objects, and whether each has line breaks or follows another on its line. */
function* objectsOf(head: Buffer): Generator<[ParsedObject, boolean]> {
  const scanner = new JsonScanner()
  let found = 0
  for (let at = head.indexOf(OPEN_BRACE); at >= 0 && found < OBJECTS; at = head.indexOf(OPEN_BRACE, at)) {
    scanner.begin()
    const result = scanner.scan(head, at, head.length)
    if (result === "more") return
    if (result === "end") {
      const object = parseObject(head, at, scanner.at)
      const isList = isInList(head, at)
      if (object !== null) yield [object, isList || head.subarray(at, scanner.at).includes(LF)]
      found++
    }
    at = Math.max(scanner.at, at + 1)
  }
}

/** True when a comma or bracket on the same line, or on the one before, leads to the object. */
function isInList(head: Buffer, at: number): boolean {
  const before = head.latin1Slice(Math.max(0, at - 20), at).trimEnd()
  return before.endsWith(",") || before.endsWith("[")
}

function isRecord(object: ParsedObject): boolean {
  const { shape, members } = object
  if (shape === "laurel" || shape === "go-audit") return true
  if (shape === "dmesg") return /^audit: type=\d+ audit\(/.test(String(members.get("msg")))
  if (shape !== "journald") return false
  if (members.has("_AUDIT_TYPE") || members.get("_TRANSPORT") === "audit") return true
  const message = members.get("MESSAGE")
  return typeof message === "string" && /^(?:audit: type=\d+ |type=[A-Z]\S* msg=)audit\(/.test(message)
}

function timeOf(object: ParsedObject): number {
  const { shape, members } = object
  if (shape === "laurel") return Number.parseFloat(String(members.get("ID"))) * 1000
  if (shape === "go-audit") return Number.parseFloat(String(members.get("timestamp"))) * 1000
  const source = members.get("_SOURCE_REALTIME_TIMESTAMP") ?? members.get("__REALTIME_TIMESTAMP")
  if (shape === "journald") return Math.floor(Number(source) / 1000)
  const match = /audit\((\d{1,10}\.\d{1,3}):/.exec(String(members.get("msg")))
  return match === null ? Number.NaN : Number(match[1]) * 1000
}
