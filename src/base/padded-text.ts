/** ASCII constants of an output, kept as words of eight bytes so that they are copied a word at a time. */

const WORD = 8

/** Bytes that a copy may write too many behind a constant's end: its target needs room for them. */
export const PADDING = WORD - 1

export class PaddedText {
  /** Read and written as doubles: of ASCII none is a NaN, whose bits might change. */
  readonly words: Float64Array
  readonly length: number

  constructor(text: string) {
    this.length = text.length
    this.words = wordsOf(text)
  }

  /** Writes the text at `at` of `target`, and up to `PADDING` bytes more; returns its end. */
  copy(target: DataView, at: number): number {
    return copyPadded(this.words, 0, target, at, this.length)
  }
}

/** Writes `length` bytes of `words` from word `first` on, and up to `PADDING` bytes more; returns their end. */
export function copyPadded(
  words: Float64Array,
  first: number,
  target: DataView,
  at: number,
  length: number,
): number {
  let word = first
  const end = at + length
  for (let to = at; to < end; to += WORD) target.setFloat64(to, words[word++] as number, true)
  return end
}

function wordsOf(text: string): Float64Array {
  const count = Math.ceil(text.length / WORD)
  const bytes = new DataView(new ArrayBuffer(count * WORD))
  for (let at = 0; at < text.length; at++) bytes.setUint8(at, text.charCodeAt(at))
  return Float64Array.from({ length: count }, (_, word) => bytes.getFloat64(word * WORD, true))
}
