/**
 * Reads a record whose exec token counts more strings than it holds: XNU cuts long argument lists and still writes the
 * whole count, so that a walk by the count eats the tokens behind. Source: XNU au_to_exec_strings().
 *
 *   3c 00000005 "ls\0" "-l\0" 23 …path… 24 …subject… 27 …return…
 *
 * The strings end where the rest of the record is tokens up to the trailer, without a byte left over.
 */
import { TOKEN } from "./layout.ts"
import type { BsmRecord } from "./record.ts"
import { isKnownToken, tokenEnd } from "./token-end.ts"
import { TRAILER_BYTES, walkTokens } from "./token-walk.ts"
import { readU32 } from "./tokens/integers.ts"
import { stringEnd } from "./tokens/strings.ts"

/** Tokens looked at before a record is given up; a whole record has a few dozen. */
const MAX_STEPS = 20_000
/** Ids behind an exec token; others are rare enough to be text. */
const ENDINGS: ReadonlySet<number> = new Set([
  TOKEN.return32,
  TOKEN.return64,
  TOKEN.identity,
  TOKEN.seq,
  TOKEN.zonename,
])

/** Mends the tape where it can; the record is as it was where not. */
export function readFewerStrings(record: BsmRecord): void {
  const execAt = lastExec(record)
  if (execAt < 0 && !isExec(record.bytes[record.rawFrom] as number)) return
  const trailer = record.hasTrailer ? record.count - 1 : record.count
  const idAt = execAt < 0 ? record.rawFrom : record.from(execAt) - 1
  const bodyEnd = record.hasTrailer ? record.end - TRAILER_BYTES : record.end
  const end = stringsEnd(record.bytes, idAt + 1, bodyEnd)
  if (end < 0) return
  record.rewind(execAt < 0 ? trailer : execAt)
  record.add(record.bytes[idAt] as number, idAt + 1, end)
  walkTokens(record, end, bodyEnd)
  if (record.hasTrailer) record.add(TOKEN.trailer, bodyEnd + 1, record.end)
  record.failure = "fewer-strings"
}

/** The exec token before the bytes that could not be read, -1 without one. */
function lastExec(record: BsmRecord): number {
  if (isExec(record.bytes[record.rawFrom] as number)) return -1
  for (let token = record.count - 1; token > 0; token--) if (isExec(record.id(token))) return token
  return -1
}

function isExec(id: number): boolean {
  return id === TOKEN.execArgs || id === TOKEN.execEnv
}

/** Where the strings of the token at `from` end so that the rest is tokens, -1 when nowhere before their count. */
function stringsEnd(bytes: Buffer, from: number, bodyEnd: number): number {
  if (from + 4 > bodyEnd) return -1
  const budget = { steps: MAX_STEPS }
  let at = from + 4
  for (let left = readU32(bytes, from); left > 0 && at < bodyEnd; left--) {
    if (budget.steps-- <= 0) return -1
    if (isRest(bytes, at, bodyEnd, budget)) return at
    at = stringEnd(bytes, at, bodyEnd) + 1
  }
  return -1
}

function isRest(bytes: Buffer, from: number, bodyEnd: number, budget: { steps: number }): boolean {
  let at = from
  let last = 0
  while (at < bodyEnd) {
    const id = bytes[at] as number
    if (!isKnownToken(id) || budget.steps-- <= 0) return false
    const end = tokenEnd(bytes, id, at + 1, bodyEnd)
    if (end < 0) return false
    last = id
    at = end
  }
  return ENDINGS.has(last)
}
