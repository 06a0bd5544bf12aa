/**
 * Asks every format whether a file is its own, and says in plain words what an unrecognised file looks like.
 * Magic numbers: the formats' own specifications, as collected by file(1).
 */

import type { Confidence, Detect, Detection } from "../formats/format.ts"

export interface DetectionResult {
  /** The best match, null when no format knows the bytes. */
  readonly detection: Detection | null
  /** For people, when nothing was detected: `starts ff d8 ff e0: JPEG image`. Holds no bytes of the input but as hex. */
  readonly looksLike: string
}

const RANK: Readonly<Record<Confidence, number>> = { certain: 3, likely: 2, possible: 1 }

/** Runs all detectors; among equally confident ones the first listed wins. */
export function detectSource(head: Buffer, name: string, detectors: readonly Detect[]): DetectionResult {
  let best: Detection | null = null
  for (const detect of detectors) {
    const detection = detect(head, name)
    if (detection === null) continue
    if (best === null || RANK[detection.confidence] > RANK[best.confidence]) best = detection
  }
  return { detection: best, looksLike: best === null ? describeHead(head) : "" }
}

interface KnownKind {
  readonly offset: number
  readonly magic: string
  readonly title: string
}

/** `magic` is Latin-1, one character a byte. */
const KNOWN_KINDS: readonly KnownKind[] = [
  { offset: 0, magic: "\x7fELF", title: "ELF program" },
  { offset: 0, magic: "MZ", title: "Windows program" },
  { offset: 0, magic: "\xcf\xfa\xed\xfe", title: "Mach-O program" },
  { offset: 0, magic: "\xca\xfe\xba\xbe", title: "Mach-O or Java program" },
  { offset: 0, magic: "\xff\xd8\xff", title: "JPEG image" },
  { offset: 0, magic: "\x89PNG\r\n\x1a\n", title: "PNG image" },
  { offset: 0, magic: "GIF8", title: "GIF image" },
  { offset: 0, magic: "%PDF-", title: "PDF document" },
  { offset: 0, magic: "SQLite format 3\0", title: "SQLite database" },
  { offset: 0, magic: "ElfFile\0", title: "Windows event log (EVTX)" },
  { offset: 4, magic: "LfLe", title: "Windows event log (EVT, before Vista)" },
  { offset: 0, magic: "regf", title: "Windows registry hive" },
  { offset: 0, magic: "PERFILE2", title: "perf.data" },
  { offset: 0, magic: "LPKSHHRH", title: "systemd journal" },
  { offset: 0, magic: "\xd4\xc3\xb2\xa1", title: "packet capture (pcap)" },
  { offset: 0, magic: "\x0a\x0d\x0d\x0a", title: "packet capture (pcapng)" },
  { offset: 0, magic: "bplist00", title: "binary property list" },
  { offset: 0, magic: "\x1f\x8b", title: "gzip" },
  { offset: 0, magic: "\x28\xb5\x2f\xfd", title: "zstd" },
  { offset: 0, magic: "PK\x03\x04", title: "zip archive" },
  { offset: 0, magic: "\xfd7zXZ\0", title: "xz" },
  { offset: 0, magic: "BZh", title: "bzip2" },
  { offset: 0, magic: "7z\xbc\xaf\x27\x1c", title: "7z archive" },
  { offset: 0, magic: "Rar!\x1a\x07", title: "RAR archive" },
  { offset: 257, magic: "ustar", title: "tar archive" },
]

const SHOWN_BYTES = 4
const TEXT_SAMPLE_BYTES = 4096

/** What the bytes look like, one clause. */
export function describeHead(head: Buffer): string {
  if (head.length === 0) return "empty"
  const known = KNOWN_KINDS.find(({ offset, magic }) => {
    return head.toString("latin1", offset, offset + magic.length) === magic
  })
  return `starts ${hexOf(head)}: ${known?.title ?? describeBytes(head.subarray(0, TEXT_SAMPLE_BYTES))}`
}

function hexOf(head: Buffer): string {
  const shown = head.subarray(0, SHOWN_BYTES).toString("hex")
  return (shown.match(/../g) ?? []).join(" ")
}

function describeBytes(sample: Buffer): string {
  if (sample.every((byte) => byte === 0)) return "only NUL bytes"
  if ((sample[0] === 0xff && sample[1] === 0xfe) || (sample[0] === 0xfe && sample[1] === 0xff))
    return "UTF-16 text"
  if (isText(sample)) return describeText(sample.latin1Slice())
  return "binary of no known kind"
}

/** Results of tools that look for attacks in Windows events name a rule and leave most of the event out. */
function describeText(text: string): string {
  if (/^\{"(?:_table":"|format":"[a-z-]+","offset":)/.test(text)) return "what retrail wrote, not a log"
  if (/"RuleTitle"\s*:|^(?:\xef\xbb\xbf)?"?Timestamp"?,.*RuleTitle/.test(text))
    return "detections of hayabusa, not events"
  if (/"kind"\s*:\s*"(?:individual|aggregate)"/.test(text) && /"group"\s*:\s*"/.test(text))
    return "detections of chainsaw, not events"
  return "text of no known format"
}

/** No control characters but white space and ESC; any encoding. */
function isText(sample: Buffer): boolean {
  return sample.every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d) || byte === 0x1b)
}
