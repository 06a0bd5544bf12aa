/** SQLite's variable-length integers, up to 2^53 (sqlite.org/fileformat2.html, section 1.6): seven bits a byte, high first. */

export function varintLength(value: number): number {
  if (value < 0x80) return 1
  if (value < 0x4000) return 2
  if (value < 0x20_0000) return 3
  let length = 4
  for (let rest = value; rest >= 0x1000_0000; rest /= 0x80) length++
  return length
}

/** Writes `value` and returns the end. */
export function writeVarint(target: Uint8Array, at: number, value: number): number {
  if (value < 0x80) {
    target[at] = value
    return at + 1
  }
  if (value < 0x4000) {
    target[at] = 0x80 | (value >> 7)
    target[at + 1] = value & 0x7f
    return at + 2
  }
  return writeLongVarint(target, at, value)
}

function writeLongVarint(target: Uint8Array, at: number, value: number): number {
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
