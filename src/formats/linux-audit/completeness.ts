/**
 * Counts what is missing from the events of a system call. A record that the kernel could not queue leaves no hole in
 * the serials; what is missing follows from what the others say.
 * Source of truth: kernel/auditsc.c audit_log_exit: SYSCALL; what the call needs; CWD and PATH records as `items`
 * tells; PROCTITLE; EOE. Each of them is one audit_log_start, and so one in the kernel's `lost` when it fails.
 */
import { parseDecimal, parseHex } from "../../base/digits.ts"
import { Fields, KeyPlan } from "./field-scan.ts"
import type { AuditRecord } from "./record.ts"
import { syscallName } from "./tables/syscall-name.ts"

const PLAN = new KeyPlan(["arch", "syscall", "success", "items", "ppid", "uid", "euid", "exe"])
const SLOT = { arch: 0, syscall: 1, success: 2, items: 3, ppid: 4, uid: 5, euid: 6, exe: 7 } as const
const SYSCALL = 1300
const PATH = 1302
const SOCKADDR = 1306
const CWD = 1307
const EXECVE = 1309
const EOE = 1320
const BPRM_FCAPS = 1321
const PROCTITLE = 1327
/** An event that so many younger ones have followed gets no more records. */
const OPEN_EVENTS = 512
/** Of each field that tells the kind; a path of this length and more is told by its beginning. */
const KIND_FIELD_BYTES = 4096
const KIND_BYTES = 4 * (KIND_FIELD_BYTES + 1)
const SPACE = 0x20
/** Kinds of exec followed at a time. */
const MOST_KINDS = 4096

interface OpenEvent {
  serial: number
  items: number
  paths: number
  hasCwd: boolean
  needsExecve: boolean
  hasExecve: boolean
  needsAddress: boolean
  hasAddress: boolean
  hasCapabilities: boolean
  hasTitle: boolean
  /** Of an exec that was done. */
  kind: string
}

/** Execs of one kind with BPRM_FCAPS and without it, and those of the latter that lack nothing else. */
interface Kind {
  with: number
  without: number
  onlyWithout: number
}

/** What is missing so far; `records` is what the kernel's `lost` counts for these events. */
export interface Missing {
  readonly events: number
  readonly records: number
}

export class Completeness {
  readonly #fields = new Fields(PLAN)
  /** Oldest first; those behind `#count` have ended and are used again. */
  readonly #open: OpenEvent[] = []
  #count = 0
  readonly #kinds = new Map<string, Kind>()
  readonly #kindBytes = Buffer.alloc(KIND_BYTES)
  #kindText = ""
  #events = 0
  #records = 0

  note(record: AuditRecord): void {
    if (record.type === SYSCALL) {
      this.#begin(record)
      return
    }
    // Few are open, and it is nearly always the youngest.
    let at = this.#count - 1
    while (at >= 0 && (this.#open[at] as OpenEvent).serial !== record.serial) at--
    if (at < 0) return
    if (record.type === EOE) this.#judge(this.#take(at), 0)
    else add(this.#open[at] as OpenEvent, record.type)
  }

  /** The run is over: what is open has lost its end. */
  end(): void {
    while (this.#count > 0) this.#judge(this.#take(0), 1)
  }

  /** Open events are not counted yet. */
  get missing(): Missing {
    const kinds = [...this.#kinds.values()].filter((kind) => kind.with > 0)
    const sum = (of: (kind: Kind) => number) => kinds.reduce((total, kind) => total + of(kind), 0)
    return {
      events: this.#events + sum((kind) => kind.onlyWithout),
      records: this.#records + sum((kind) => kind.without),
    }
  }

  #begin(record: AuditRecord): void {
    if (this.#count === OPEN_EVENTS) this.#judge(this.#take(0), 1)
    const fields = this.#fields
    fields.scan(record.buffer, record.start, record.end)
    const name = this.#callName()
    const isExec = name === "execve" || name === "execveat"
    const isDone = fields.buffer[fields.starts[SLOT.success] as number] === 0x79
    if (this.#count === this.#open.length) this.#open.push(newEvent())
    const event = this.#open[this.#count++] as OpenEvent
    event.serial = record.serial
    event.items = this.#number(SLOT.items) || 0
    event.paths = 0
    event.hasCwd = event.hasExecve = event.hasAddress = event.hasCapabilities = event.hasTitle = false
    event.needsExecve = isExec && isDone
    event.needsAddress = isDone && (name === "bind" || name === "connect")
    event.kind = event.needsExecve ? this.#readKind() : ""
  }

  /** The event at `at` is open no more; it is read before another begins. */
  #take(at: number): OpenEvent {
    const open = this.#open
    const event = open[at] as OpenEvent
    this.#count--
    for (let to = at; to < this.#count; to++) open[to] = open[to + 1] as OpenEvent
    open[this.#count] = event
    return event
  }

  #judge(event: OpenEvent, lostEnds: number): void {
    let missing = lostEnds + Math.max(0, event.items - event.paths)
    if (event.items > 0 && !event.hasCwd) missing++
    if (event.needsExecve && !event.hasExecve) missing++
    if (event.needsAddress && !event.hasAddress) missing++
    if (!event.hasTitle) missing++
    this.#records += missing
    if (missing > 0) this.#events++
    if (event.kind !== "") this.#noteKind(event, missing > 0)
  }

  #noteKind(event: OpenEvent, isCounted: boolean): void {
    let kind = this.#kinds.get(event.kind)
    if (kind === undefined) {
      if (this.#kinds.size >= MOST_KINDS) this.#foldOldest()
      kind = { with: 0, without: 0, onlyWithout: 0 }
      this.#kinds.set(event.kind, kind)
    }
    if (event.hasCapabilities) kind.with++
    else {
      kind.without++
      if (!isCounted) kind.onlyWithout++
    }
  }

  #foldOldest(): void {
    for (const [key, kind] of this.#kinds) {
      this.#kinds.delete(key)
      if (kind.with === 0) return
      this.#events += kind.onlyWithout
      this.#records += kind.without
      return
    }
  }

  #callName(): string | undefined {
    const { buffer, starts, ends } = this.#fields
    const arch = starts[SLOT.arch] as number
    const from = arch < 0 ? Number.NaN : parseHex(buffer, arch, ends[SLOT.arch] as number)
    return syscallName(from, this.#number(SLOT.syscall))
  }

  #number(slot: number): number {
    const { buffer, starts, ends } = this.#fields
    const start = starts[slot] as number
    return start < 0 ? Number.NaN : parseDecimal(buffer, start, ends[slot] as number)
  }

  /**
   * Program, parent and ids of an exec: whether the kernel adds BPRM_FCAPS follows from what it inherits. In a burst
   * one exec is like the last.
   */
  #readKind(): string {
    const { buffer, starts, ends } = this.#fields
    const bytes = this.#kindBytes
    let isSame = true
    let length = 0
    for (let slot: number = SLOT.ppid; slot <= SLOT.exe; slot++) {
      const start = starts[slot] as number
      const end = start < 0 ? start : Math.min(ends[slot] as number, start + KIND_FIELD_BYTES)
      for (let at = start; at <= end; at++) {
        const byte = at < end ? (buffer[at] as number) : SPACE
        if (bytes[length] !== byte) isSame = false
        bytes[length++] = byte
      }
    }
    if (!isSame || length !== this.#kindText.length) this.#kindText = bytes.latin1Slice(0, length)
    return this.#kindText
  }
}

function newEvent(): OpenEvent {
  return {
    serial: 0,
    items: 0,
    paths: 0,
    hasCwd: false,
    needsExecve: false,
    hasExecve: false,
    needsAddress: false,
    hasAddress: false,
    hasCapabilities: false,
    hasTitle: false,
    kind: "",
  }
}

function add(event: OpenEvent, type: number): void {
  if (type === PATH) event.paths++
  else if (type === CWD) event.hasCwd = true
  else if (type === EXECVE) event.hasExecve = true
  else if (type === SOCKADDR) event.hasAddress = true
  else if (type === BPRM_FCAPS) event.hasCapabilities = true
  else if (type === PROCTITLE) event.hasTitle = true
}
