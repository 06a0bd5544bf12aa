/**
 * process_file_events from the calls whose records name a file. A path may stand twice in a record, as given and
 * resolved; of two files each may.
 *
 *   rename:  path a | path /srv/demo/a | attr32 | path b | path /srv/demo/b | subject32 | return32
 *
 * DEVIATION(osquery): bsm-files: osquery follows descriptors, on Linux; here each call that names a path is a row.
 */
import { PROCESS_FILE_EVENTS } from "../../schema/tables/process-file-events.ts"
import type { EventRole } from "./event-roles.ts"
import type { RowContext } from "./row-context.ts"

const SLASH = 0x2f
const WITH_TARGET: ReadonlySet<string> = new Set(["rename", "link", "exchange", "clone", "copy"])

export class FileRows {
  readonly #row: RowContext

  constructor(row: RowContext) {
    this.#row = row
  }

  write(role: EventRole): void {
    const row = this.#row
    if (row.tokens.pathCount === 0 || !row.choice.files || !row.wants(PROCESS_FILE_EVENTS)) return
    const { writer, tokens, subject } = row
    const isSymlink = role.operation === "symlink"
    const hasTarget = WITH_TARGET.has(role.operation)
    const source = hasTarget ? this.#source() : isSymlink ? tokens.text : tokens.file
    const target = isSymlink ? tokens.file : hasTarget ? this.#target() : -1
    const isPartial = (!isSymlink && this.#isRelative(source)) || this.#isRelative(target)
    writer.begin(PROCESS_FILE_EVENTS)
    row.constant(role.operation)
    row.int(row.pid)
    row.int(row.tree.parentOf(row.host, row.pid))
    row.time()
    row.program(row.pid)
    row.constant(isPartial ? "true" : "false")
    writer.empty() // cwd
    row.text(source)
    row.text(target)
    this.#writeId(subject.ruid)
    this.#writeId(subject.rgid)
    this.#writeId(subject.auid)
    this.#writeId(subject.euid)
    this.#writeId(subject.egid)
    for (let column = 0; column < 4; column++) writer.empty() // fsuid, fsgid, suid, sgid
    writer.null() // uptime
    row.eid(PROCESS_FILE_EVENTS)
    row.origin(row.status > 0 ? `${role.operation}_failed` : role.operation)
    writer.end()
  }

  /** Of two files: the last path before the attributes, which are those of the first file. */
  #source(): number {
    const { tokens } = this.#row
    if (tokens.attributes >= 0) return tokens.file
    return tokens.path(tokens.pathCount > 2 ? 1 : 0)
  }

  #target(): number {
    const { tokens } = this.#row
    return tokens.lastPath === this.#source() ? -1 : tokens.lastPath
  }

  #isRelative(token: number): boolean {
    return token >= 0 && this.#row.record.bytes[this.#row.readText(token).from] !== SLASH
  }

  #writeId(id: number): void {
    this.#row.constant(this.#row.hasSubject ? String(id) : "")
  }
}
