/**
 * Addresses as text in one form: IPv4 mapped into IPv6 as IPv4, IPv6 as RFC 5952 writes it, whatever the event had.
 *
 *   ::ffff:192.0.2.1 -> 192.0.2.1      fe80:0:0:0:0:0:0:1 -> fe80::1
 */

const AF_INET = 2
const AF_INET6 = 10
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/
const WORD = /^[0-9a-f]{1,4}$/i
const MAPPED_WORD = 0xffff
/** The longest that is an address, with a zone. */
const LONGEST = 64

export interface IpAddress {
  /** As it stands where it is no address. */
  readonly text: string
  /** Number of the family as Linux has it; NaN for what is no address. */
  readonly family: number
}

export function normaliseAddress(given: string): IpAddress {
  if (given.length > LONGEST) return { text: given, family: Number.NaN }
  if (IPV4.test(given)) return { text: given, family: AF_INET }
  const zoneFrom = given.indexOf("%")
  const words = readWords(zoneFrom < 0 ? given : given.slice(0, zoneFrom))
  if (words === undefined) return { text: given, family: Number.NaN }
  const isMapped = words.slice(0, 5).every((word) => word === 0) && words[5] === MAPPED_WORD
  if (isMapped) return { text: dotted(words[6] ?? 0, words[7] ?? 0), family: AF_INET }
  return { text: compress(words) + (zoneFrom < 0 ? "" : given.slice(zoneFrom)), family: AF_INET6 }
}

/** The eight words of an IPv6 address; undefined for anything else. */
function readWords(text: string): number[] | undefined {
  const halves = text.split("::")
  if (halves.length > 2 || !text.includes(":")) return undefined
  const left = readPart(halves[0] ?? "")
  const right = halves.length === 2 ? readPart(halves[1] ?? "") : []
  if (left === undefined || right === undefined) return undefined
  const missing = 8 - left.length - right.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  return [...left, ...Array<number>(missing).fill(0), ...right]
}

function readPart(text: string): number[] | undefined {
  if (text === "") return []
  const words: number[] = []
  const parts = text.split(":")
  for (const [at, part] of parts.entries()) {
    if (at === parts.length - 1 && IPV4.test(part)) {
      const [a = 0, b = 0, c = 0, d = 0] = part.split(".").map(Number)
      words.push(a * 256 + b, c * 256 + d)
    } else if (WORD.test(part)) words.push(Number.parseInt(part, 16))
    else return undefined
  }
  return words
}

const dotted = (high: number, low: number): string => `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`

/** The first longest run of two and more zero words becomes `::`. */
function compress(words: readonly number[]): string {
  let best = 0
  let bestFrom = -1
  for (let from = 0; from < 8; from++) {
    let length = 0
    while (words[from + length] === 0) length++
    if (length > best) [best, bestFrom] = [length, from]
  }
  const hex = words.map((word) => word.toString(16))
  if (best < 2) return hex.join(":")
  return `${hex.slice(0, bestFrom).join(":")}::${hex.slice(bestFrom + best).join(":")}`
}
