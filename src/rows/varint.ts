/** SQLite's variable-length integers, up to 2^53 (sqlite.org/fileformat2.html, section 1.6): seven bits a byte, high first. */

export function varintLength(value: number): number {
  let length = 1
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length++
  return length
}

/** Writes `value` and returns the end. */
export function writeVarint(target: Uint8Array, at: number, value: number): number {
  if (value < 0x80) {
    target[at] = value
    return at + 1
  }
  const end = at + varintLength(value)
  let rest = value
  for (let out = end - 1; out >= at; out--) {
    const next = Math.floor(rest / 0x80)
    const bits = rest - next * 0x80
    target[out] = out === end - 1 ? bits : bits | 0x80
    rest = next
  }
  return end
}
