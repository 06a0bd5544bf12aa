/** The ways in which a value can be damaged. Each keeps the raw text as the interpretation and tells of it. */
import type { Field } from "../fields.ts"
import type { RecordContext } from "./context.ts"
import { isUpperHex } from "./number.ts"

/** A field that holds a number in every record, and does not here. */
export function reportNumber(field: Field, context: RecordContext, expected: string): string {
  const { at, name, raw } = field
  // The kernel itself writes `?` for what it could not find out, as in cap_fp=? of an unmounted root.
  if (raw === "?") return raw
  context.report("linux-audit/bad-number", at, raw.length, `${name} is no number`, expected, raw)
  return raw
}

/** Hex that is cut within a byte, or something else where only hex can stand. */
export function reportHex(field: Field, context: RecordContext): string {
  const { at, name, raw } = field
  const expected = "whole bytes of upper-case hexadecimal"
  context.report("linux-audit/bad-hex", at, raw.length, `${name} cannot be decoded`, expected, raw)
  return raw
}

/** An encoded value that could not be decoded; words such as `?` and `(null)` are no damage. */
export function reportEncoded(field: Field, context: RecordContext): string {
  const { at, name, raw } = field
  if (raw.charCodeAt(0) === 0x22) {
    const message = `the quote of ${name} is not closed`
    context.report("linux-audit/unterminated-quote", at, raw.length, message, 'a closing "', raw)
    return raw
  }
  return raw.length > 1 && isUpperHex(raw) ? reportHex(field, context) : raw
}
