/**
 * Where names and white space of XML end. Any character that cannot end a name is taken for a part of it.
 * Source of truth: XML 1.0, productions 3 to 5.
 */

/** Characters below 0x80 that a name cannot hold. */
const ENDS_NAME = nameEnds()

export function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)
}

/** Index behind the white space at `at`. */
export function skipSpace(bytes: Uint8Array, at: number, end: number): number {
  let next = at
  while (next < end && isSpace(bytes[next] as number)) next++
  return next
}

/** Index behind the name at `at`; `at` itself where there is none. */
export function nameEnd(bytes: Uint8Array, at: number, end: number): number {
  let next = at
  while (next < end) {
    const byte = bytes[next] as number
    if (byte < 0x80 && ENDS_NAME[byte] === 1) break
    next++
  }
  return next
}

function nameEnds(): Uint8Array {
  const ends = new Uint8Array(128)
  ends.fill(1, 0, 0x21)
  for (const character of "\"'<>/=&") ends[character.charCodeAt(0)] = 1
  return ends
}
