/** Recognises audit trails by their first bytes, whatever their name; also those that begin in damage. */
import type { Detect, Detection } from "../format.ts"
import { type BsmConsumer, BsmParser } from "./bsm-parser.ts"
import { TOKEN } from "./layout.ts"
import type { BsmRecord } from "./record.ts"
import { type BsmPlatform, findEvent } from "./tables/events.ts"
import { readU16, readU32 } from "./tokens/integers.ts"

const FORMAT = "bsm"
/** A few hundred records; more are looked at only where none is found. */
const FIRST_BYTES = 64 * 1024
const HEADER_BYTES = 18
/** A kernel writes no larger ones. */
const SMALL_RECORD = 0x8000
const SECOND_1990 = 631_152_000
const TITLES: Readonly<Record<BsmPlatform, string>> = {
  macos: "BSM audit trail (macOS)",
  freebsd: "BSM audit trail (FreeBSD)",
  solaris: "BSM audit trail (Solaris)",
  unknown: "BSM audit trail",
}

/** How a trail is known under `Detection.variant`. */
export const VARIANTS: Readonly<Record<BsmPlatform, string>> = {
  macos: "trail-macos",
  freebsd: "trail-freebsd",
  solaris: "trail-solaris",
  unknown: "trail",
}

const PLATFORM_BY_VARIANT: ReadonlyMap<string, BsmPlatform> = new Map([
  [VARIANTS.macos, "macos"],
  [VARIANTS.freebsd, "freebsd"],
  [VARIANTS.solaris, "solaris"],
])

export function platformOfVariant(variant: string): BsmPlatform {
  return PLATFORM_BY_VARIANT.get(variant) ?? "unknown"
}

export const detectBsm: Detect = (head) => {
  const found = sniff(head.subarray(0, FIRST_BYTES))
  return found !== null || head.length <= FIRST_BYTES ? found : sniff(head)
}

function sniff(head: Buffer): Detection | null {
  const seen = new Sniff()
  const parser = new BsmParser(seen)
  parser.beginSource({ sourceId: 0, platform: "unknown" })
  parser.push(head, 0)
  parser.endSource()
  const certain = seen.describe()
  if (certain === undefined && !isCutRecord(head)) return null
  return {
    format: FORMAT,
    variant: VARIANTS[parser.platform],
    title: TITLES[parser.platform],
    confidence: certain?.confidence ?? "possible",
    why: certain?.why ?? "begins like an audit record that the file's end cuts",
    firstTimeMs: seen.firstTimeMs,
  }
}

/** What the beginning of a source holds. */
class Sniff implements BsmConsumer {
  firstTimeMs = Number.NaN
  #whole = 0
  #items = 0
  #firstAt = 0
  #isFileFirst = false

  record(record: BsmRecord): void {
    if (this.#items === 0) {
      this.#firstAt = record.offset
      this.#isFileFirst = record.kind === "file"
    }
    this.#items++
    if (record.hasTrailer) this.#whole++
    if (Number.isNaN(this.firstTimeMs) && record.sec > 0) this.firstTimeMs = record.sec * 1000
  }

  problem(): void {}

  gap(): void {}

  /** One whole record is proof: its size, its trailer and the trailer's count agree. */
  describe(): Pick<Detection, "confidence" | "why"> | undefined {
    const isProof = this.#whole > 0 || (this.#firstAt === 0 && this.#items > 1)
    if (!isProof) return undefined
    if (this.#firstAt > 0) {
      return { confidence: "likely", why: `audit records from byte ${this.#firstAt} on` }
    }
    if (this.#isFileFirst) return { confidence: "certain", why: "begins with a file token" }
    return { confidence: "certain", why: "begins with an audit record" }
  }
}

/** A header32 with a version, a number that is an event's, and a time since 1990: the one record of a file that is cut. */
function isCutRecord(head: Buffer): boolean {
  if (head[0] !== TOKEN.header32 || head.length < HEADER_BYTES) return false
  const size = readU32(head, 1)
  if (size <= head.length || size >= SMALL_RECORD) return false
  const isVersion = head[5] === 11 || head[5] === 10
  return isVersion && findEvent("unknown", readU16(head, 6)) !== undefined && readU32(head, 10) > SECOND_1990
}
