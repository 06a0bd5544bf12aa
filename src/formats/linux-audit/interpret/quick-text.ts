/** The text form of base/text.ts with a short way for what nearly every record is: ASCII without a backslash. */
import { textOfBytes } from "../../../base/text.ts"

/** The same as `textOfBytes`. */
export function quickText(buffer: Buffer, start: number, end: number): string {
  const text = buffer.utf8Slice(start, end)
  const isAscii = text.length === end - start && !text.includes("\ufffd")
  return isAscii && !text.includes("\\") && !text.includes("\0") ? text : textOfBytes(buffer, start, end)
}
