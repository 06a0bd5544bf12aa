/**
 * process_file_events from the calls whose PATH records name a file.
 * Source of truth: osquery osquery/tables/events/linux/process_file_events.cpp for the columns; kernel/auditsc.c.
 *
 * DEVIATION(osquery): file-events-by-call: osquery follows descriptors and reports only paths of a configured list. A saved log
 * rarely holds every call on a descriptor, so here each call that names a path is a row.
 */
import { parseHexLow32 } from "../../base/digits.ts"
import type { EventRecord } from "../../formats/linux-audit/event.ts"
import { Fields } from "../../formats/linux-audit/field-scan.ts"
import { PROCESS_FILE_EVENTS } from "../../schema/tables/process-file-events.ts"
import type { NameType, PathReader } from "./path-records.ts"
import type { RowContext } from "./row-context.ts"
import { OPENAT2, OPENAT2_PLAN, PATH_PLAN, SYSCALL } from "./syscall-plan.ts"
import type { Call } from "./syscall-role.ts"

const RECORD_PATH = 1302
const RECORD_OPENAT2 = 1337
const AT_FDCWD = 0xffffff9c
const AT_REMOVEDIR = 0x200
const O_TRUNC = 0x200

const OWN: readonly NameType[] = ["NORMAL", "CREATE", "DELETE", "UNKNOWN"]
const GONE: readonly NameType[] = ["DELETE"]
const MADE: readonly NameType[] = ["CREATE"]
const LINKED: readonly NameType[] = ["NORMAL", "UNKNOWN"]
const ANY: readonly NameType[] = ["NORMAL", "CREATE", "DELETE", "UNKNOWN", "PARENT"]

export class FileEventRows {
  readonly #row: RowContext
  readonly #paths: PathReader
  readonly #item = new Fields(PATH_PLAN)
  readonly #openat2 = new Fields(OPENAT2_PLAN)

  constructor(row: RowContext, paths: PathReader) {
    this.#row = row
    this.#paths = paths
  }

  write(call: Call, record: EventRecord): void {
    const row = this.#row
    if (!row.choice.files || !row.wants(PROCESS_FILE_EVENTS) || row.event.find(RECORD_PATH) === undefined)
      return
    const { writer, syscall } = row
    const hasTwo = call.operation === "rename" || call.operation === "link" || call.operation === "symlink"
    const isSymlink = call.operation === "symlink"
    const isFloating = call.isAt && !isSymlink && !this.#isCwd(SYSCALL.a0)
    const isTargetFloating = call.isAt && hasTwo && !this.#isCwd(isSymlink ? SYSCALL.a1 : SYSCALL.a2)
    writer.begin(PROCESS_FILE_EVENTS)
    row.constant(this.#operation(call))
    row.number(syscall, SYSCALL.pid)
    row.number(syscall, SYSCALL.ppid)
    row.time()
    row.text(syscall, SYSCALL.exe, record)
    const own = hasTwo ? (call.operation === "rename" ? GONE : LINKED) : OWN
    row.constant(
      this.#isRelative(own, isFloating) || this.#isRelative(MADE, isTargetFloating) ? "true" : "false",
    )
    row.workingDirectory()
    row.writeValue()
    // The text of a symbolic link is not a name that the call looked up: it stays as it is.
    this.#writePath(own, isFloating || isSymlink, ANY)
    if (hasTwo) this.#writePath(MADE, isTargetFloating, undefined)
    else writer.empty()
    row.raw(syscall, SYSCALL.uid)
    row.raw(syscall, SYSCALL.gid)
    row.raw(syscall, SYSCALL.auid)
    row.raw(syscall, SYSCALL.euid)
    row.raw(syscall, SYSCALL.egid)
    row.raw(syscall, SYSCALL.fsuid)
    row.raw(syscall, SYSCALL.fsgid)
    row.raw(syscall, SYSCALL.suid)
    row.raw(syscall, SYSCALL.sgid)
    writer.null() // uptime
    row.eid(PROCESS_FILE_EVENTS)
    row.origin(this.#isFailed() ? `${call.operation}_failed` : call.operation)
    writer.end()
  }

  /** True when a name is relative to a directory descriptor that the log does not name. */
  #isRelative(types: readonly NameType[], isFloating: boolean): boolean {
    return isFloating && this.#paths.scanLast(this.#item, types) && !this.#paths.isAbsolute(this.#item)
  }

  #writePath(
    types: readonly NameType[],
    isUnanchored: boolean,
    otherwise: readonly NameType[] | undefined,
  ): void {
    const isFound =
      this.#paths.scanLast(this.#item, types) ||
      (otherwise !== undefined && this.#paths.scanLast(this.#item, otherwise))
    if (isFound && this.#paths.resolve(this.#item, isUnanchored)) this.#row.writeValue()
    else this.#row.writer.empty()
  }

  #operation(call: Call): string {
    if (call.operation === "open") return this.#isTruncating(call) ? "open+truncate" : "open"
    const isRemoveDir =
      call.operation === "unlink" && call.isAt && (this.#flags(SYSCALL.a2) & AT_REMOVEDIR) !== 0
    return isRemoveDir ? "rmdir" : call.operation
  }

  #isTruncating(call: Call): boolean {
    const openat2 = this.#row.event.find(RECORD_OPENAT2)
    if (openat2 !== undefined) {
      const fields = this.#openat2
      fields.scan(openat2.buffer, openat2.start, openat2.end)
      const start = fields.starts[OPENAT2.oflag] as number
      // oflag is octal, as the kernel prints it (0%llo).
      return (
        start >= 0 &&
        (Number.parseInt(fields.buffer.latin1Slice(start, fields.ends[OPENAT2.oflag]), 8) & O_TRUNC) !== 0
      )
    }
    if (call.name === "creat") return true
    return (this.#flags(call.isAt ? SYSCALL.a2 : SYSCALL.a1) & O_TRUNC) !== 0
  }

  #isFailed(): boolean {
    const { syscall } = this.#row
    const start = syscall.starts[SYSCALL.success] as number
    return start >= 0 && syscall.buffer[start] === 0x6e
  }

  /** AT_FDCWD is an int: its upper half is the caller's business. */
  #isCwd(slot: number): boolean {
    return this.#flags(slot) === AT_FDCWD
  }

  #flags(slot: number): number {
    const { syscall } = this.#row
    const start = syscall.starts[slot] as number
    return start < 0 ? 0 : parseHexLow32(syscall.buffer, start, syscall.ends[slot] as number)
  }
}
