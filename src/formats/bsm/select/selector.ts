/**
 * Applies a selection to records, as auditreduce(1) does: every token that an option is about has to satisfy it, and
 * the record has to have such a token. Unlike auditreduce, which knows header32 and subject32 alone, all widths of
 * headers, subjects, processes and return values count.
 */
import { TOKEN } from "../layout.ts"
import type { BsmRecord } from "../record.ts"
import { type BsmPlatform, eventNumbersOn, findEvent } from "../tables/events.ts"
import { readU16, readU32 } from "../tokens/integers.ts"
import { stringEnd } from "../tokens/strings.ts"
import { isProcess, isSubject, readSubject, Subject } from "../tokens/subject.ts"
import { readGlob } from "./glob.ts"
import { PathPatterns } from "./path-patterns.ts"
import { Pattern } from "./pattern.ts"
import type { BsmSelection, ClassFlags, ObjectKind } from "./selection.ts"

/** Options that need a token of their own: bits of what a record has yet to show. */
const NEED = { identity: 1, pid: 2, file: 4, msgqid: 8, semid: 16, shmid: 32, object: 64, zone: 128 } as const

/** What an IPC token with this type shows. */
const IPC_NEEDS = [0, NEED.msgqid, NEED.semid, NEED.shmid] as const
const IPC_KINDS: readonly (ObjectKind | "")[] = ["", "msgqid", "semid", "shmid"]
const ANY_IPC = NEED.msgqid | NEED.semid | NEED.shmid

type Ids = Partial<Record<"auid" | "euid" | "egid" | "ruid" | "rgid", number>>

export class BsmSelector {
  readonly #selection: BsmSelection
  readonly #classes: ClassFlags | undefined
  readonly #ids: readonly [keyof Ids, number][]
  readonly #numbers: ReadonlyMap<string, number>
  readonly #paths: PathPatterns | undefined
  readonly #zone: Pattern | undefined
  readonly #needs: number
  readonly #subject = new Subject()
  #platform: BsmPlatform = "unknown"
  #events: ReadonlySet<number> | undefined

  /** @throws PatternError for a path or zone that is no pattern */
  constructor(selection: BsmSelection) {
    this.#selection = selection
    this.#classes = selection.classes
    const { auid, euid, egid, ruid, rgid, objects = [], zone } = selection
    const ids: Ids = {
      ...(auid === undefined ? {} : { auid }),
      ...(euid === undefined ? {} : { euid }),
      ...(egid === undefined ? {} : { egid }),
      ...(ruid === undefined ? {} : { ruid }),
      ...(rgid === undefined ? {} : { rgid }),
    }
    this.#ids = Object.entries(ids) as [keyof Ids, number][]
    const files = objects.findLast(({ kind }) => kind === "file")
    this.#paths = files === undefined ? undefined : new PathPatterns(files.value)
    this.#numbers = new Map(objects.map(({ kind, value }) => [kind, Number(value)]))
    this.#zone = zone === undefined ? undefined : new Pattern(readGlob(zone))
    this.#needs = this.#findNeeds()
    this.#events = this.#eventsOn("unknown")
  }

  /** Whether the record is wanted. */
  selects(record: BsmRecord, platform: BsmPlatform): boolean {
    if (platform !== this.#platform) {
      this.#platform = platform
      this.#events = this.#eventsOn(platform)
    }
    return this.#matches(record) !== (this.#selection.inverts === true)
  }

  #matches(record: BsmRecord): boolean {
    if (record.kind === "file") return this.#isEmpty
    if (this.#events !== undefined && !this.#events.has(record.event)) return false
    if (this.#classes !== undefined && !this.#isInClass(record, this.#classes)) return false
    return this.#needs === 0 || this.#haveTokens(record)
  }

  /** File tokens have nothing that an option could ask for. */
  get #isEmpty(): boolean {
    return this.#needs === 0 && this.#events === undefined && this.#classes === undefined
  }

  /** The event is of a class that is wanted, and each return token has the outcome that is wanted. */
  #isInClass(record: BsmRecord, { success, failure }: ClassFlags): boolean {
    const mask = findEvent(this.#platform, record.event)?.classMask ?? 0
    if ((mask & (success | failure)) === 0) return false
    for (let token = 1; token < record.count; token++) {
      const id = record.id(token)
      if (id !== TOKEN.return32 && id !== TOKEN.return64) continue
      const wanted = record.bytes[record.from(token)] === 0 ? success : failure
      if ((mask & wanted) === 0) return false
    }
    return true
  }

  #haveTokens(record: BsmRecord): boolean {
    let missing = this.#needs
    for (let token = 1; token < record.count; token++) {
      const shown = this.#look(record, token)
      if (shown < 0) return false
      missing &= ~shown
    }
    return missing === 0
  }

  /** What the token shows of what is needed; -1 when it contradicts. */
  #look(record: BsmRecord, token: number): number {
    const id = record.id(token)
    if (id === TOKEN.path) return this.#lookAtPath(record, token)
    if (isSubject(id)) return this.#lookAtIds(record, token, NEED.pid, this.#selection.pid)
    if (isProcess(id)) return this.#lookAtIds(record, token, NEED.object, this.#numbers.get("pid"))
    if (id === TOKEN.ipc) return this.#lookAtIpc(record, token)
    if (id === TOKEN.zonename) return this.#lookAtZone(record, token)
    return 0
  }

  #lookAtIds(record: BsmRecord, token: number, pidNeed: number, pid: number | undefined): number {
    const subject = this.#subject
    readSubject(record, token, subject)
    for (const [name, wanted] of this.#ids) if (subject[name] !== wanted) return -1
    if (pid !== undefined && subject.pid !== pid) return -1
    return NEED.identity | pidNeed
  }

  /** Up to the first NUL, as C has it. */
  #lookAtPath(record: BsmRecord, token: number): number {
    if (this.#paths === undefined) return 0
    const { bytes } = record
    const from = record.from(token) + 2
    const to = stringEnd(bytes, from, from + readU16(bytes, from - 2))
    return this.#paths.selects(bytes, from, to) ? NEED.file : -1
  }

  #lookAtIpc(record: BsmRecord, token: number): number {
    const at = record.from(token)
    const type = record.bytes[at] as number
    const kind = IPC_KINDS[type] ?? ""
    if (kind === "") return (this.#needs & ANY_IPC) === 0 ? 0 : -1
    const wanted = this.#numbers.get(kind)
    if (wanted !== undefined && readU32(record.bytes, at + 1) !== wanted) return -1
    return IPC_NEEDS[type] ?? 0
  }

  #lookAtZone(record: BsmRecord, token: number): number {
    if (this.#zone === undefined) return 0
    const { bytes } = record
    const from = record.from(token) + 2
    const to = stringEnd(bytes, from, from + readU16(bytes, from - 2))
    return this.#zone.test(bytes, from, to) ? NEED.zone : -1
  }

  #findNeeds(): number {
    let needs = this.#ids.length > 0 ? NEED.identity : 0
    if (this.#selection.pid !== undefined) needs |= NEED.pid
    if (this.#paths !== undefined) needs |= NEED.file
    if (this.#zone !== undefined) needs |= NEED.zone
    if (this.#numbers.has("pid")) needs |= NEED.object
    for (const kind of ["msgqid", "semid", "shmid"] as const) if (this.#numbers.has(kind)) needs |= NEED[kind]
    return needs
  }

  /** A name is looked up on the system that wrote the trail; a number is the same everywhere. */
  #eventsOn(platform: BsmPlatform): ReadonlySet<number> | undefined {
    const { events } = this.#selection
    if (events === undefined) return undefined
    return new Set(
      events.flatMap((event) => (typeof event === "number" ? [event] : eventNumbersOn(platform, event))),
    )
  }
}
