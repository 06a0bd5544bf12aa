/**
 * Addresses of network bytes as text: dotted, or as RFC 5952 writes IPv6: lower case, the longest run of two or more
 * zero words cut out, embedded IPv4 dotted.
 *
 *   20 01 0d b8 00 … 00 01   2001:db8::1
 */

export function formatIpv4(bytes: Buffer, at: number): string {
  return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`
}

export function formatIpv6(bytes: Buffer, at: number): string {
  const words: number[] = []
  for (let word = 0; word < 8; word++) words.push(bytes.readUInt16BE(at + 2 * word))
  const gap = longestZeroRun(words)
  const hasIpv4 = gap.start === 0 && (gap.length === 6 || (gap.length === 5 && words[5] === 0xffff))
  const end = hasIpv4 ? 6 : 8
  let text = ""
  for (let word = 0; word < end; word++) {
    if (word === gap.start && gap.length > 1) {
      text += "::"
      word += gap.length - 1
      continue
    }
    if (text !== "" && !text.endsWith(":")) text += ":"
    text += (words[word] ?? 0).toString(16)
  }
  if (!hasIpv4) return text
  return `${text}${text.endsWith(":") ? "" : ":"}${formatIpv4(bytes, at + 12)}`
}

function longestZeroRun(words: readonly number[]): { start: number; length: number } {
  let best = { start: -1, length: 0 }
  for (let start = 0; start < words.length; start++) {
    let length = 0
    while (words[start + length] === 0) length++
    if (length > best.length) best = { start, length }
    start += length
  }
  return best
}
