/**
 * Values of an event's System in the form that Windows prints, from what exporters make of them.
 *
 *   -9214364837600034816 -> 0x8020000000000000     Information -> 4     5484…-… -> {5484…-…}
 *
 * Source of truth: winmeta.xml of the Windows SDK (levels, standard keywords); [MS-DTYP] for GUIDs.
 */

const LEVELS: ReadonlyMap<string, string> = new Map([
  ["logalways", "0"],
  ["log always", "0"],
  ["audit_success", "0"],
  ["audit_failure", "0"],
  ["critical", "1"],
  ["error", "2"],
  ["warning", "3"],
  ["information", "4"],
  ["informational", "4"],
  ["info", "4"],
  ["verbose", "5"],
])

const KEYWORDS: ReadonlyMap<string, bigint> = new Map([
  ["response time", 0x1000000000000n],
  ["wdi context", 0x2000000000000n],
  ["wdi diag", 0x4000000000000n],
  ["sqm", 0x8000000000000n],
  ["audit failure", 0x10000000000000n],
  ["audit success", 0x20000000000000n],
  ["correlation hint", 0x40000000000000n],
  ["classic", 0x80000000000000n],
])
/** Of the channel: the Security log's events carry it beside their audit keyword. */
const ADMIN_CHANNEL = 0x8000000000000000n
const BARE_GUID = /^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/

/** A level's number; "" for a word that is none. */
export function toLevel(text: string): string {
  return /^\d+$/.test(text) ? text : (LEVELS.get(text.toLowerCase()) ?? "")
}

/** A GUID in braces; anything else as it is. */
export function toGuid(text: string): string {
  return BARE_GUID.test(text) ? `{${text}}` : text
}

/** Keywords in hexadecimal; "" for words that are no standard keywords. Several are parted by commas. */
export function toKeywords(text: string): string {
  if (/^0x[0-9a-f]{1,16}$/i.test(text)) return `0x${BigInt(text).toString(16)}`
  if (/^-?\d{1,20}$/.test(text)) return `0x${BigInt.asUintN(64, BigInt(text)).toString(16)}`
  let mask = 0n
  for (const word of text.split(",")) {
    const bit = KEYWORDS.get(word.trim().toLowerCase().replace("_", " "))
    if (bit === undefined) return ""
    mask |= bit
    if (word.toLowerCase().includes("audit")) mask |= ADMIN_CHANNEL
  }
  return `0x${mask.toString(16)}`
}
