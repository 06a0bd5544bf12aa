/** Return, exit and argument tokens. 64-bit values come as two unsigned halves; the high one of 32-bit tokens is 0. */
import { TOKEN } from "../layout.ts"
import type { BsmRecord } from "../record.ts"
import { readU32 } from "./integers.ts"
import { readStr16, type TextRange } from "./text-range.ts"

export class ReturnValue {
  /** BSM errno, 0 for success. */
  status = 0
  high = 0
  low = 0
}

/** @param token with id return32 or return64 */
export function readReturn(record: BsmRecord, token: number, into: ReturnValue): void {
  const at = record.from(token)
  into.status = record.bytes[at] as number
  const isWide = record.id(token) === TOKEN.return64
  into.high = isWide ? readU32(record.bytes, at + 1) : 0
  into.low = readU32(record.bytes, at + (isWide ? 5 : 1))
}

export class Argument {
  /** 0 for a result such as "child PID", else the argument's position. */
  num = 0
  high = 0
  low = 0
  readonly text: TextRange = { from: 0, to: 0 }
}

/** @param token with id arg32 or arg64 */
export function readArgument(record: BsmRecord, token: number, into: Argument): void {
  const at = record.from(token)
  into.num = record.bytes[at] as number
  const isWide = record.id(token) === TOKEN.arg64
  into.high = isWide ? readU32(record.bytes, at + 1) : 0
  into.low = readU32(record.bytes, at + (isWide ? 5 : 1))
  readStr16(record.bytes, at + (isWide ? 9 : 5), into.text)
}

export class ExitStatus {
  status = 0
  value = 0
}

/** @param token with id exit */
export function readExit(record: BsmRecord, token: number, into: ExitStatus): void {
  const at = record.from(token)
  into.status = readU32(record.bytes, at)
  into.value = readU32(record.bytes, at + 4)
}

/** Number of a seq token. */
export function readSequence(record: BsmRecord, token: number): number {
  return readU32(record.bytes, record.from(token))
}
