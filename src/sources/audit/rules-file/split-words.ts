/**
 * Splits a line of a rules file into words, and reads the numbers among them.
 *
 *   -w "/srv/demo/two words" -k docs   →  -w | /srv/demo/two words | -k | docs
 *
 * Blanks and tabs separate; double quotes hold a word together and are no part of it, wherever they stand.
 * Source of truth: audit.rules(7); strtol(3) for the bases.
 */

export type Parsed<Value> = { readonly value: Value } | { readonly problem: string }

export function splitWords(line: string): Parsed<readonly string[]> {
  const words: string[] = []
  let word = ""
  let hasWord = false
  let isQuoted = false
  for (const character of line) {
    if (character === '"') {
      isQuoted = !isQuoted
      hasWord = true
    } else if (!isQuoted && (character === " " || character === "\t" || character === "\r")) {
      if (hasWord) words.push(word)
      word = ""
      hasWord = false
    } else {
      word += character
      hasWord = true
    }
  }
  if (isQuoted) return { problem: "a quotation mark is not closed" }
  if (hasWord) words.push(word)
  return { value: words }
}

/** Decimal, 0x hexadecimal, 0 octal, with or without a minus, of 32 bits either signed or not. */
export function parseInteger(text: string): number | undefined {
  const isNegative = text.startsWith("-")
  const digits = isNegative ? text.slice(1) : text
  const size = magnitude(digits)
  if (size === undefined || size > (isNegative ? 0x80000000 : 0xffffffff)) return undefined
  return isNegative ? -size : size
}

function magnitude(digits: string): number | undefined {
  if (/^0[xX][0-9a-fA-F]{1,10}$/.test(digits)) return Number(digits)
  if (/^0[0-7]{1,13}$/.test(digits)) return Number.parseInt(digits, 8)
  return /^(?:0|[1-9]\d{0,12})$/.test(digits) ? Number(digits) : undefined
}
