/**
 * Recognises audit records in the first bytes of a file, and how they are wrapped.
 * Source of truth: the framers in framing/, whose units this looks for.
 */
import type { Confidence, Detect, Detection } from "../format.ts"
import { isPluginHeader } from "./framing/audisp-binary.ts"
import type { Variant } from "./framing/create.ts"
import { detectJson } from "./framing/detect-json.ts"
import { type LineKind, readLineKind } from "./framing/line-kind.ts"

const FORMAT = "linux-audit"
/** Of a text this many lines are looked at. */
const LINES = 400
/** A longer line is cut for the look. */
const LINE_BYTES = 700
const OUTER_BYTES = 4
const STAMP_AT = 20
const STAMP = Buffer.from("audit(", "latin1")
const ENRICHED_SEPARATOR = 0x1d
const LF = 0x0a
const RECORD_STAMP = /audit\((\d{1,10})(?:\.(\d{1,3}))?:\d{1,20}\)/
const REALTIME = /^(?:_SOURCE|_)_REALTIME_TIMESTAMP=(\d{1,16})$/m

const TITLES: Readonly<Record<Variant, string>> = {
  auditd: "auditd log",
  syslog: "syslog with audit records",
  audisp: "syslog written by auditd's plugin",
  dmesg: "kernel log with audit records",
  ausearch: "ausearch output",
  "journald-short": "journalctl output (short)",
  "journald-cat": "journalctl output (cat)",
  "journald-json": "journalctl output (json)",
  "journald-json-pretty": "journalctl output (json-pretty)",
  "journald-export": "journalctl output (export)",
  "journald-verbose": "journalctl output (verbose)",
  netlink: "recorded audit netlink messages",
  "audisp-binary": "messages of auditd to a plugin (binary)",
  "go-audit": "go-audit log",
  laurel: "laurel log",
  "dmesg-json": "kernel log (dmesg --json) with audit records",
}

interface Finding {
  readonly variant: Variant
  readonly confidence: Confidence
  readonly why: string
  readonly firstTimeMs: number
  readonly remark?: string
}

/** Recognises every variant that `createFramer` knows. */
/** Lines of an export that are looked at: one entry and some. */
const EXPORT_LINES = 40

export const detectLinuxAudit: Detect = (head) => {
  const finding = detectNetlink(head) ?? detectPlugin(head) ?? detectText(head)
  return finding === null ? null : describe(finding)
}

function describe(finding: Finding): Detection {
  const { variant, confidence, why, firstTimeMs, remark } = finding
  const title = remark === undefined ? TITLES[variant] : `${TITLES[variant]} (${remark})`
  return { format: FORMAT, variant, title, confidence, why, firstTimeMs }
}

/** A frame with a record, behind an outer length or bare. */
function detectNetlink(head: Buffer): Finding | null {
  const hasOuter = isRecordFrame(head, OUTER_BYTES)
  if (!hasOuter && !isRecordFrame(head, 0)) return null
  const length = hasOuter ? head.readUInt32LE(0) : 0
  if (hasOuter && (length < STAMP_AT || length > 65_536)) return null
  const why = "begins with a netlink header and an audit stamp"
  return {
    variant: "netlink",
    confidence: "certain",
    why,
    firstTimeMs: stampMs(head.latin1Slice(0, Math.min(head.length, 120))),
  }
}

function detectPlugin(head: Buffer): Finding | null {
  if (!isPluginHeader(head, 0, head.length)) return null
  const firstTimeMs = stampMs(head.latin1Slice(0, Math.min(head.length, 400)))
  const why = "begins with the header of a message to a plugin and a record"
  return { variant: "audisp-binary", confidence: "certain", why, firstTimeMs }
}

function isRecordFrame(head: Buffer, headerAt: number): boolean {
  const stampAt = headerAt + STAMP_AT - OUTER_BYTES
  if (head.length < stampAt + STAMP.length) return false
  const type = head.readUInt16LE(headerAt + 4)
  return (
    type >= 1000 && type < 3000 && head.compare(STAMP, 0, STAMP.length, stampAt, stampAt + STAMP.length) === 0
  )
}

function detectText(head: Buffer): Finding | null {
  const lines = linesOf(head)
  return detectExport(lines) ?? detectVerbose(lines) ?? detectJson(head) ?? detectLines(head, lines)
}

/** The first lines without empty ones; the last one only if it is whole, or the only one. */
function linesOf(head: Buffer): string[] {
  const lines: string[] = []
  for (let at = 0; at < head.length && lines.length < LINES; ) {
    const lineEnd = head.indexOf(LF, at)
    if (lineEnd < 0 && lines.length > 0) break
    const end = lineEnd < 0 ? head.length : lineEnd
    const line = head.latin1Slice(at, Math.min(end, at + LINE_BYTES)).replace(/\r$/, "")
    if (line.trim() !== "") lines.push(line)
    at = end + 1
  }
  return lines
}

/** An export may begin in the middle of an entry, and a binary field may follow at once. */
function detectExport(lines: readonly string[]): Finding | null {
  const first = lines.slice(0, EXPORT_LINES)
  const fields = first.filter((line) => /^_{0,2}[A-Z][A-Z0-9_]*(?:=|$)/.test(line)).length
  if (fields < 3 || !first.some((line) => /^__REALTIME_TIMESTAMP=\d+$/.test(line))) return null
  return journalFinding("journald-export", lines.join("\n"), "fields of the journal, one a line")
}

function detectVerbose(lines: readonly string[]): Finding | null {
  const at = lines.findIndex((line) => !line.startsWith("-- "))
  const isHeader = /^(?:[A-Z][a-z]{2} )?\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? \S+ \[s=[0-9a-f]+;/.test(
    lines[at] ?? "",
  )
  if (!isHeader || !/^ {4}[A-Z_][A-Z0-9_]*=/.test(lines[at + 1] ?? "")) return null
  const text = lines.map((line) => line.trimStart()).join("\n")
  return journalFinding("journald-verbose", text, "begins with a date, a journal cursor and indented fields")
}

/** A journal may hold audit records further on: without any in its head it is still possible. */
function journalFinding(variant: Variant, text: string, why: string): Finding {
  const hasAudit = /^(?:_TRANSPORT=audit|_AUDIT_TYPE=\d+)$/m.test(text)
  const match = REALTIME.exec(text)
  const firstTimeMs = match === null ? Number.NaN : Math.floor(Number(match[1]) / 1000)
  return { variant, confidence: hasAudit ? "certain" : "possible", why, firstTimeMs }
}

function detectLines(head: Buffer, lines: readonly string[]): Finding | null {
  const counts = new Map<LineKind, number>()
  let first = ""
  for (const line of lines) {
    const kind = readLineKind(line)
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
    if (first === "" && kind !== "other" && kind !== "wrapping" && kind !== "separator") first = line
  }
  const count = (kind: LineKind): number => counts.get(kind) ?? 0
  const records = lines.length - count("other") - count("wrapping") - count("separator")
  const fitting = lines.length - count("other")
  const cat = count("journald-cat")
  // Text that quotes a record here and there is no log; a syslog may hold few records among its own lines.
  if (records === 0 || fitting * 5 < lines.length || (cat === records && records * 2 < lines.length))
    return null
  const variant = pickVariant(count)
  const confidence = gradeConfidence(records, fitting, lines.length, variant)
  const why = `${records} of the first ${lines.length} lines hold audit records`
  return { variant, confidence, why, firstTimeMs: stampMs(first), ...remarkOn(head, first) }
}

function pickVariant(count: (kind: LineKind) => number): Variant {
  if (count("separator") > 0 && count("auditd") + count("interpreted") > 0) return "ausearch"
  if (count("interpreted") > count("auditd")) return "ausearch"
  const kinds = ["auditd", "audisp", "syslog", "dmesg", "journald-short", "journald-cat"] as const
  return kinds.reduce((best, kind) => (count(kind) > count(best) ? kind : best))
}

function gradeConfidence(records: number, fitting: number, lines: number, variant: Variant): Confidence {
  if (variant === "journald-cat") return records * 10 >= lines * 9 ? "likely" : "possible"
  if (fitting * 10 >= lines * 9) return "certain"
  return fitting * 2 >= lines ? "likely" : "possible"
}

function remarkOn(head: Buffer, first: string): { remark?: string } {
  const remarks: string[] = []
  if (head.includes(ENRICHED_SEPARATOR)) remarks.push("ENRICHED")
  if (/(?:^| )node=\S+ type=/.test(first)) remarks.push("node=")
  if (/audit\([^)]*\d:\d\d:\d\d/.test(first)) remarks.push("interpreted")
  return remarks.length === 0 ? {} : { remark: remarks.join(", ") }
}

function stampMs(text: string): number {
  const match = RECORD_STAMP.exec(text)
  if (match !== null) return Number(match[1]) * 1000 + Number(match[2] ?? 0)
  const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)/.exec(text)
  return iso === null ? Number.NaN : Date.parse(iso[0].replace(/([+-]\d\d)(\d\d)$/, "$1:$2"))
}
