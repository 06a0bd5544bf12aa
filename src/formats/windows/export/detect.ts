/**
 * Recognises exported Windows events in the first bytes of a file, and in which shape they are.
 * Source of truth: the readers of this folder, whose records this looks for.
 */
import type { Detect, Detection } from "../../format.ts"
import { decodeHead } from "./decode-text.ts"
import { detectCsv } from "./detect-csv.ts"
import { detectJson } from "./detect-json.ts"
import type { Finding } from "./finding.ts"
import { SHAPE_TITLES } from "./shapes.ts"
import { msOf, readTime } from "./time-text.ts"

const FORMAT = "windows-export"
/** Of the text so much is looked at for marks. */
const LOOK_BYTES = 64 * 1024
const SYSTEM_TIME = /<TimeCreated\s+SystemTime\s*=\s*["']([^"'<]{1,40})["']/

export const detectWindowsExport: Detect = (head) => {
  const text = decodeHead(head)
  const finding = detectXml(text) ?? detectClixml(text) ?? detectJson(text) ?? detectCsv(text)
  return finding === null ? null : describe(finding)
}

function describe({ shape, confidence, why, firstTimeMs }: Finding): Detection {
  return { format: FORMAT, variant: shape, title: SHAPE_TITLES[shape], confidence, why, firstTimeMs }
}

/**
 * `<Event …>` whose first child is `System`. A log that quotes one far inside a line of its own is not taken for an
 * export: the element begins the text, a line, or follows another tag or the prefix of a syslog line.
 */
function detectXml(text: Buffer): Finding | null {
  const look = text.latin1Slice(0, Math.min(text.length, LOOK_BYTES))
  const match = /(^|[\n>]|\n- |^- |: )[ \t]*<Event(?:\s[^<>]*)?>[\s\xa0\xc2-]*<System(?=[\s>])/.exec(look)
  if (match === null) return null
  const isBare = match[1] !== ": "
  const time = readTime(SYSTEM_TIME.exec(look.slice(match.index))?.[1] ?? "")
  return {
    shape: "xml",
    confidence: isBare ? "certain" : "likely",
    why: "holds an Event element with a System section",
    firstTimeMs: time === null ? Number.NaN : msOf(time),
  }
}

/** `<Objs …>` with a serialised EventLogRecord, or with the members of one. */
function detectClixml(text: Buffer): Finding | null {
  const look = text.latin1Slice(0, Math.min(text.length, LOOK_BYTES))
  if (!/<Objs\s[^<>]*powershell/i.test(look)) return null
  const isRecord = look.includes("Eventing.Reader.EventLogRecord")
  if (!isRecord && !(look.includes('N="ProviderName"') && look.includes('N="Id"'))) return null
  const time = readTime(/<DT N="TimeCreated">([^<]{1,40})</.exec(look)?.[1] ?? "")
  const firstTimeMs = time === null ? Number.NaN : msOf(time)
  return {
    shape: "clixml",
    confidence: "certain",
    why: "holds serialised EventLogRecord objects",
    firstTimeMs,
  }
}
