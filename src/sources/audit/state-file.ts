/**
 * Remembers the kernel's audit state outside the process, so that a later run can restore it after a SIGKILL.
 *
 *   {"pid":812,"startTime":"9134","bootId":"…","before":{"enabled":0,…,"rules":["…"]}}
 *
 * An empty file says that everything was restored. Written before anything is changed; the descriptor stays open,
 * because after privileges were dropped the path can no longer be opened.
 * Source of truth: open(2), rename(2), proc(5).
 */
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  writeSync,
} from "node:fs"
import { dirname } from "node:path"
import { type KernelState, stateFromJson, stateToJson } from "./kernel-state.ts"
import { bootId, processStartTime } from "./owner.ts"

export const STATE_PATH = "/run/retrail/audit-state.json"
const MOST_BYTES = 16 * 1024 * 1024
const WRITABLE_BY_OTHERS = 0o022
const NOTHING = { state: "none", before: null, pid: 0, startTime: "" } as const

/** The file cannot be trusted, or must not be replaced. */
export class StateFileError extends Error {}

export interface StateFileRecord {
  /**
   * `none`: there is no file. `restored`: its process put everything back. `alive`: its process still runs.
   * `left`: its process was killed, and `before` is still to be restored. After a boot there is nothing left to
   * restore, so that a file of an earlier boot counts as `restored`.
   */
  readonly state: "none" | "restored" | "alive" | "left"
  readonly before: KernelState | null
  /** Of the process that wrote the file; 0 when there is none. */
  readonly pid: number
  /** Of that process, in clock ticks since boot; '' when there is none. */
  readonly startTime: string
}

export interface StateFileOptions {
  readonly path?: string
  /** Who must own file and folder. */
  readonly ownerUid?: number
}

/** @throws StateFileError when others could have written the file, or it is damaged */
export function readStateFile({ path = STATE_PATH, ownerUid = 0 }: StateFileOptions = {}): StateFileRecord {
  const folder = lstatSync(dirname(path), { throwIfNoEntry: false })
  const known = lstatSync(path, { throwIfNoEntry: false })
  if (folder === undefined || known === undefined) return NOTHING
  checkFolder(dirname(path), folder, ownerUid)
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    checkFile(path, fstatSync(fd), ownerUid)
    return judge(path, readFileSync(fd, "utf8"))
  } finally {
    closeSync(fd)
  }
}

export class StateFile {
  readonly path: string
  readonly #fd: number
  #isOpen = true

  private constructor(path: string, fd: number) {
    this.path = path
    this.#fd = fd
  }

  /**
   * Writes the state of before; the caller has restored what an earlier run left, since it is overwritten.
   * @throws StateFileError when the process of an earlier file is alive, or the place cannot be trusted
   */
  static create(before: KernelState, options: StateFileOptions = {}): StateFile {
    const { path = STATE_PATH, ownerUid = 0 } = options
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 })
    const folder = lstatSync(dirname(path))
    checkFolder(dirname(path), folder, ownerUid)
    const found = readStateFile(options)
    if (found.state === "alive")
      throw new StateFileError(`${path} belongs to the running process ${found.pid}`)
    const draft = `${path}.${process.pid}`
    rmSync(draft, { force: true })
    const { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDWR } = constants
    const fd = openSync(draft, O_CREAT | O_EXCL | O_NOFOLLOW | O_RDWR, 0o600)
    const record = {
      pid: process.pid,
      startTime: processStartTime(process.pid) ?? "",
      bootId: bootId(),
      before: stateToJson(before),
    }
    writeSync(fd, JSON.stringify(record))
    fsyncSync(fd)
    renameSync(draft, path)
    return new StateFile(path, fd)
  }

  /** Through the descriptor, so that it works without privileges: a file cut to nothing is true at every moment. */
  markRestored(): void {
    ftruncateSync(this.#fd, 0)
    fsyncSync(this.#fd)
  }

  close(): void {
    if (this.#isOpen) closeSync(this.#fd)
    this.#isOpen = false
  }
}

function judge(path: string, text: string): StateFileRecord {
  if (text === "") return { ...NOTHING, state: "restored" }
  const record = parseRecord(text)
  const before = record && stateFromJson(record.get("before"))
  const pid = record?.get("pid")
  if (!record || !before || typeof pid !== "number") throw new StateFileError(`${path} is damaged`)
  const startTime = String(record.get("startTime"))
  if (record.get("bootId") !== bootId()) return { state: "restored", before, pid, startTime }
  const isAlive = processStartTime(pid) === startTime
  return { state: isAlive ? "alive" : "left", before, pid, startTime }
}

function parseRecord(text: string): Map<string, unknown> | null {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === "object" && json !== null ? new Map(Object.entries(json)) : null
  } catch {
    return null
  }
}

function checkFolder(path: string, stats: Stats, ownerUid: number): void {
  if (!stats.isDirectory()) throw new StateFileError(`${path} is not a folder`)
  checkOwner(path, stats, ownerUid)
}

function checkFile(path: string, stats: Stats, ownerUid: number): void {
  if (!stats.isFile() || stats.size > MOST_BYTES) throw new StateFileError(`${path} is no state file`)
  checkOwner(path, stats, ownerUid)
}

function checkOwner(path: string, stats: Stats, ownerUid: number): void {
  if (stats.uid === ownerUid && (stats.mode & WRITABLE_BY_OTHERS) === 0) return
  throw new StateFileError(`${path} is not root's alone, so what it says is not believed`)
}
