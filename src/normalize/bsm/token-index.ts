/**
 * Where in a record the tokens are that rows are made of, found in one pass.
 *
 *   header | arg32 0 "child PID" | exec_args | path as given | path resolved | attr32 | subject32 | return32 | trailer
 *
 * Source of truth: XNU and FreeBSD audit_bsm.c kaudit_to_bsm() for the order of tokens.
 */
import { TOKEN } from "../../formats/bsm/layout.ts"
import type { BsmRecord } from "../../formats/bsm/record.ts"
import { isAttributes } from "../../formats/bsm/tokens/attributes.ts"
import { isSocketAddress } from "../../formats/bsm/tokens/socket.ts"
import { isSubject } from "../../formats/bsm/tokens/subject.ts"

/** No call names more than two files, each as given and resolved. */
const MOST_PATHS = 4

/** Each is the index of a token, -1 without one. Of several the first counts, of subjects and results the last. */
export class TokenIndex {
  subject = -1
  result = -1
  execArgs = -1
  execEnv = -1
  exit = -1
  sequence = -1
  address = -1
  addressPair = -1
  attributes = -1
  text = -1
  textCount = 0
  /** The last path before the first attributes, of all paths where there are none: the resolved name of the file. */
  file = -1
  pathCount = 0
  readonly #paths = new Int32Array(MOST_PATHS)

  /** @param at below `pathCount` and four */
  path(at: number): number {
    return at < MOST_PATHS ? (this.#paths[at] as number) : -1
  }

  /** The last path of the record. */
  get lastPath(): number {
    return this.pathCount === 0 ? -1 : this.path(Math.min(this.pathCount, MOST_PATHS) - 1)
  }

  read(record: BsmRecord): void {
    this.#clear()
    for (let token = 1; token < record.count; token++) this.#note(record.id(token), token)
    if (this.file < 0) this.file = this.lastPath
  }

  #clear(): void {
    this.subject = this.result = this.execArgs = this.execEnv = this.exit = this.sequence = -1
    this.address = this.addressPair = this.attributes = this.text = this.file = -1
    this.textCount = this.pathCount = 0
  }

  #note(id: number, token: number): void {
    if (id === TOKEN.path) this.#notePath(token)
    else if (id === TOKEN.text) this.#noteText(token)
    else if (id === TOKEN.return32 || id === TOKEN.return64) this.result = token
    else if (id === TOKEN.execArgs) this.execArgs = first(this.execArgs, token)
    else if (id === TOKEN.execEnv) this.execEnv = first(this.execEnv, token)
    else if (id === TOKEN.exit) this.exit = first(this.exit, token)
    else if (id === TOKEN.seq) this.sequence = first(this.sequence, token)
    else if (id === TOKEN.socket || id === TOKEN.socketEx) this.addressPair = first(this.addressPair, token)
    else if (isSubject(id)) this.subject = token
    else if (isAttributes(id)) this.#noteAttributes(token)
    else if (isSocketAddress(id)) this.address = first(this.address, token)
  }

  #notePath(token: number): void {
    if (this.pathCount < MOST_PATHS) this.#paths[this.pathCount] = token
    this.pathCount++
  }

  #noteText(token: number): void {
    this.text = first(this.text, token)
    this.textCount++
  }

  #noteAttributes(token: number): void {
    if (this.attributes >= 0) return
    this.attributes = token
    this.file = this.lastPath
  }
}

const first = (known: number, token: number): number => (known < 0 ? token : known)
