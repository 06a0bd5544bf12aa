/**
 * Paths of control groups by the numbers that programs see: the inodes of their folders.
 * Source of truth: Documentation/admin-guide/cgroup-v2.rst; proc(5), mountinfo.
 */
import { readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import type { Clock } from "../../base/clock.ts"

/** All folders are gone through again at most so often: new containers come seldom. */
const AGAIN_MS = 500
const MAX_DEPTH = 32

export interface CgroupFilter {
  readonly id: bigint
  /** Folders between the mount and the group. */
  readonly level: number
}

/** Where the second version is mounted; undefined when it is not. */
export function findCgroupMount(mounts = readFileSync("/proc/self/mountinfo", "latin1")): string | undefined {
  for (const line of mounts.split("\n")) {
    const [before = "", after = ""] = line.split(" - ")
    if (after.startsWith("cgroup2 ")) return before.split(" ")[4]
  }
  return undefined
}

/**
 * The group of a folder below the mount, or of this process for `self`.
 * @throws RangeError when it is none; NodeJS.ErrnoException when there is no such folder
 */
export function cgroupFilter(wanted: string, mount: string): CgroupFilter {
  const path = wanted === "self" ? join(mount, ownCgroup()) : wanted
  const below = path === mount ? "" : path.slice(mount.length + 1)
  if (path !== mount && !path.startsWith(`${mount}/`)) throw new RangeError(`${path} is not below ${mount}`)
  const level = below.split("/").filter((name) => name !== "").length
  return { id: statSync(path, { bigint: true }).ino, level }
}

function ownCgroup(): string {
  const line = readFileSync("/proc/self/cgroup", "latin1")
    .split("\n")
    .find((one) => one.startsWith("0::"))
  return line?.slice("0::".length) ?? "/"
}

export class CgroupPaths {
  readonly #mount: string | undefined
  readonly #clock: Clock
  readonly #paths = new Map<number, string>()
  #lookedMs = Number.NEGATIVE_INFINITY

  constructor(mount: string | undefined, clock: Clock) {
    this.#mount = mount
    this.#clock = clock
  }

  /** From the mount on, `/` for its root; undefined when it is not known, or gone already. */
  pathOf(id: number): string | undefined {
    const known = this.#paths.get(id)
    if (known !== undefined || this.#mount === undefined) return known
    const nowMs = this.#clock.nowMs()
    if (nowMs - this.#lookedMs < AGAIN_MS) return undefined
    this.#lookedMs = nowMs
    this.#walk(this.#mount, "/", 0)
    return this.#paths.get(id)
  }

  #walk(folder: string, path: string, depth: number): void {
    try {
      this.#paths.set(statSync(folder).ino, path)
      if (depth === MAX_DEPTH) return
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        if (entry.isDirectory()) this.#walk(join(folder, entry.name), join(path, entry.name), depth + 1)
      }
    } catch {
      // A group that ends while we look is one that nobody asks for any more.
    }
  }
}
