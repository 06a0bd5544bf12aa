/**
 * Tells from its records which system wrote a trail: nothing in the format says so. Marks that one system alone writes:
 * XNU audit_bsm.c (identity, session events, paths twice), FreeBSD audit_bsm.c (zonename, permission bits without file
 * type), Solaris audit.log(4) (header version 2).
 */
import { TOKEN } from "./layout.ts"
import type { BsmRecord } from "./record.ts"
import type { BsmPlatform } from "./tables/events.ts"
import { readU32 } from "./tokens/integers.ts"

/** Records looked at before the question is given up. */
const MAX_RECORDS = 20_000
const MAC_EVENTS: ReadonlySet<number> = new Set([
  43048, 43190, 44901, 44902, 44903, 44904, 45021, 45022, 45023, 45024, 45025, 45026,
])
/** First number that only FreeBSD gives. */
const FREEBSD_FROM = 43219
const FREEBSD_TO = 43999
const SOLARIS_VERSIONS: ReadonlySet<number> = new Set([2, 3, 4])
const LAUNCHERS = [Buffer.from("launchctl::"), Buffer.from("launchd::")]
const JAIL = Buffer.from("jid\0")
const FILE_TYPE = 0o170000
/** XNU numbers disks from major number 1 on. */
const MAC_DISKS = 0x0100_0000

export class PlatformFinder {
  platform: BsmPlatform = "unknown"
  #left = MAX_RECORDS

  begin(platform: BsmPlatform): void {
    this.platform = platform
    this.#left = MAX_RECORDS
  }

  /** Looks at one more record, until one tells. */
  observe(record: BsmRecord): void {
    if (this.platform !== "unknown" || this.#left === 0 || record.kind === "file") return
    this.#left--
    this.platform = platformOf(record)
  }
}

function platformOf(record: BsmRecord): BsmPlatform {
  if (SOLARIS_VERSIONS.has(record.version)) return "solaris"
  if (MAC_EVENTS.has(record.event)) return "macos"
  if (record.event >= FREEBSD_FROM && record.event <= FREEBSD_TO) return "freebsd"
  for (let token = 1; token < record.count; token++) {
    const platform = platformOfToken(record, token)
    if (platform !== "unknown") return platform
  }
  return "unknown"
}

function platformOfToken(record: BsmRecord, token: number): BsmPlatform {
  switch (record.id(token)) {
    case TOKEN.identity:
      return "macos"
    case TOKEN.zonename:
    case TOKEN.argUuid:
    case TOKEN.returnUuid:
      return "freebsd"
    case TOKEN.text:
      return LAUNCHERS.some((name) => startsWith(record, record.from(token) + 2, name)) ? "macos" : "unknown"
    case TOKEN.arg32:
      return startsWith(record, record.from(token) + 7, JAIL) ? "freebsd" : "unknown"
    case TOKEN.attr32:
      return platformOfAttributes(record, token)
    default:
      return "unknown"
  }
}

/** macOS writes a path as given and as resolved; FreeBSD the permission bits alone. */
function platformOfAttributes(record: BsmRecord, token: number): BsmPlatform {
  const at = record.from(token)
  const mode = readU32(record.bytes, at)
  const disk = readU32(record.bytes, at + 12)
  if (mode !== 0 && (mode & FILE_TYPE) === 0) return "freebsd"
  const isTwice = token > 2 && record.id(token - 1) === TOKEN.path && record.id(token - 2) === TOKEN.path
  return isTwice && disk >= MAC_DISKS && disk < MAC_DISKS * 2 ? "macos" : "unknown"
}

function startsWith(record: BsmRecord, at: number, text: Buffer): boolean {
  if (at + text.length > record.end) return false
  return record.bytes.compare(text, 0, text.length, at, at + text.length) === 0
}
