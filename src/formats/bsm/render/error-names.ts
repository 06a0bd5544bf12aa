/** The `error` of return tokens, ready to be copied. */
import { PaddedText } from "../../../base/padded-text.ts"
import { errnoName } from "../tables/names.ts"

export class ErrorNames {
  readonly #texts: (PaddedText | undefined)[] = Array.from({ length: 256 }, () => undefined)

  /** `,"error":"ENOENT"`; nothing for success, and for a status without a name. @param status of one byte */
  textOf(status: number): PaddedText {
    return this.#texts[status] ?? this.#name(status)
  }

  #name(status: number): PaddedText {
    const name = status === 0 ? undefined : errnoName(status)
    const text = new PaddedText(name === undefined ? "" : `,"error":"${name}"`)
    this.#texts[status] = text
    return text
  }
}
