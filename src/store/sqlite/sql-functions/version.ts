/**
 * version_compare: the order of version strings, in general and as Arch, Debian and Red Hat packages have it
 * (osquery/sql/sqlite_version.cpp). The collations of the same name are missing: better-sqlite3 registers none.
 */
import { type SqlArgument, type SqlFunction, textOf } from "./function.ts"

export const VERSION_FUNCTIONS: readonly SqlFunction[] = [
  { name: "version_compare", parameters: -1, call: (...values) => versionCompare(values) },
]

interface Scheme {
  /** A version with an epoch (`1:`) comes after one without; a longer epoch after a shorter one. */
  readonly hasEpoch: boolean
  /** Different separators at the same place decide: `~` before `-` before `^` before `.` before `:`. */
  readonly ranksSeparators: boolean
  /** What follows when one version has ended: `~` makes it older, `^` newer, `-` makes them equal. */
  readonly readsRemainder: boolean
  /** After a digit the longer last part is the greater one, whatever its digits. */
  readonly countsDigits: boolean
}

const GENERIC: Scheme = {
  hasEpoch: false,
  ranksSeparators: false,
  readsRemainder: false,
  countsDigits: false,
}
const SCHEMES = new Map<string, Scheme>([
  ["ARCH", { hasEpoch: true, ranksSeparators: false, readsRemainder: true, countsDigits: true }],
  ["DPKG", { hasEpoch: true, ranksSeparators: true, readsRemainder: false, countsDigits: false }],
  ["RHEL", { hasEpoch: true, ranksSeparators: true, readsRemainder: true, countsDigits: false }],
])
const SEPARATORS = "~-^.:"

function versionCompare(values: SqlArgument[]): bigint | null {
  const [left, right, name] = values
  if (values.length < 2 || values.length > 3) {
    throw new Error("version_compare takes two versions and an optional scheme")
  }
  if (left === null || right === null) return null
  const scheme = values.length === 2 ? GENERIC : SCHEMES.get(textOf(name).toUpperCase())
  if (scheme === undefined) throw new Error("version_compare: the scheme is ARCH, DPKG or RHEL")
  const order = compareVersions(Buffer.from(textOf(left)), Buffer.from(textOf(right)), scheme)
  return BigInt(Math.sign(order))
}

function compareVersions(left: Buffer, right: Buffer, scheme: Scheme): number {
  if (left.equals(right)) return 0
  if (left.length === 0 || right.length === 0) return left.length - right.length
  const epochs = scheme.hasEpoch ? left.indexOf(":") - right.indexOf(":") : 0
  if (epochs !== 0) return epochs
  const shared = Math.min(left.length, right.length)
  let difference = 0
  for (let at = 0; at < shared; at++) {
    const leftRank = separatorRank(left, at)
    const rightRank = separatorRank(right, at)
    if (leftRank === 0 && rightRank === 0) {
      if (difference === 0) difference = (left[at] ?? 0) - (right[at] ?? 0)
      continue
    }
    // The part that goes on is the longer number.
    if (leftRank === 0) return 1
    if (rightRank === 0) return -1
    if (difference !== 0) return difference
    if (scheme.ranksSeparators && leftRank !== rightRank) return leftRank - rightRank
  }
  const longer = left.length > right.length ? left : right
  // The last parts to be compared end together: they are of one length, so their difference counts.
  if (left.length === right.length || (difference !== 0 && separatorRank(longer, shared) > 0))
    return difference
  if (!scheme.readsRemainder) return left.length - right.length
  return longer === left
    ? compareRemainder(left, shared, difference, scheme)
    : -compareRemainder(right, shared, -difference, scheme)
}

/** `longer` against a version that ended at `at`; `difference` is that of their last parts. */
function compareRemainder(longer: Buffer, at: number, difference: number, scheme: Scheme): number {
  const next = String.fromCharCode(longer[at] ?? 0)
  if (next === "~") return -1
  if (next === "-") return 0
  if (next === "^") return 1
  return difference !== 0 && !(scheme.countsDigits && isDigit(longer[at - 1])) ? difference : 1
}

function separatorRank(version: Buffer, at: number): number {
  return SEPARATORS.indexOf(String.fromCharCode(version[at] ?? 0)) + 1
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39
}
