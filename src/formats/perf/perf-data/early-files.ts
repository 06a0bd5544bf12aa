/** Files of recording threads that come before what says how to read them: in archives `data` may come last. */
import { LIMITS } from "../../../base/limits.ts"
import { HeldBytes } from "./held-bytes.ts"

export class EarlyFiles<Source> {
  readonly #files: { readonly source: Source; readonly held: HeldBytes }[] = []

  /** Keeps a copy of a source's next bytes; false when there are too many. */
  add(source: Source, bytes: Buffer): boolean {
    let file = this.#files.at(-1)
    if (file?.source !== source) {
      file = { source, held: new HeldBytes() }
      this.#files.push(file)
    }
    const others = this.#files.reduce((sum, { held }) => sum + held.used, -file.held.used)
    return file.held.add(bytes, LIMITS.perfWaitingBytes.value - others)
  }

  /** All of them, the last one first: an archive lists them so when it lists `data` last. */
  takeAll(): { readonly source: Source; readonly bytes: Buffer }[] {
    return this.#files
      .splice(0)
      .reverse()
      .map(({ source, held }) => ({ source, bytes: held.bytes }))
  }
}
