/**
 * Gives up root: another user, no way back, and of the capabilities only those that are named.
 * Source of truth: capabilities(7), prctl(2), capset(2), include/uapi/linux/capability.h.
 *
 * The C library changes ids in all threads, capset and no_new_privs only the calling one. Without KEEPCAPS of their
 * own the other threads lose every capability with the change of ids; the calling one keeps what it is told to.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { type Libc, loadLibc } from "./libc.ts"
import { NativeError } from "./native-error.ts"

const PR_SET_KEEPCAPS = 8
const PR_SET_NO_NEW_PRIVS = 38
const CAPABILITY_VERSION_3 = 0x20080522
const CAPABILITIES = { AUDIT_CONTROL: 30, AUDIT_READ: 37 } as const

export type Capability = keyof typeof CAPABILITIES

export interface DropOptions {
  readonly uid: number
  readonly gid: number
  readonly keep: readonly Capability[]
}

/**
 * To be called on the main thread, which holds the kept capabilities afterwards, once everything that needs root is
 * open. @throws NativeError when a step fails or the outcome is not as wanted: the process must then end
 */
export function dropPrivileges({ uid, gid, keep }: DropOptions, libc: Libc = loadLibc()): void {
  if (uid === 0 || gid === 0) throw new NativeError("EINVAL", 22, "setuid", "root is not less than root")
  const kept = capabilityMask(keep)
  libc.prctl(PR_SET_NO_NEW_PRIVS, 1)
  libc.prctl(PR_SET_KEEPCAPS, 1)
  libc.setgroups([])
  libc.setgid(gid)
  libc.setuid(uid)
  setCapabilities(libc, kept)
  libc.prctl(PR_SET_KEEPCAPS, 0)
  const own = readStatus("/proc/thread-self/status")
  verifyIds(own, uid, gid)
  verifyCapabilities(own, kept)
  verifyOtherThreads(own.get("Pid") ?? "", uid, gid)
}

/** Of the calling thread alone: no capabilities, and none to be had by running a program. */
export function dropThreadCapabilities(libc: Libc = loadLibc()): void {
  libc.prctl(PR_SET_NO_NEW_PRIVS, 1)
  setCapabilities(libc, 0n)
  verifyCapabilities(readStatus("/proc/thread-self/status"), 0n)
}

function capabilityMask(keep: readonly Capability[]): bigint {
  return keep.reduce((mask, name) => mask | (1n << BigInt(CAPABILITIES[name])), 0n)
}

/** Effective and permitted are `mask`, inheritable (and with it ambient) is nothing. */
function setCapabilities(libc: Libc, mask: bigint): void {
  const header = Buffer.alloc(8)
  header.writeUInt32LE(CAPABILITY_VERSION_3)
  const sets = Buffer.alloc(24)
  for (const [index, half] of [mask & 0xffffffffn, mask >> 32n].entries()) {
    sets.writeUInt32LE(Number(half), index * 12)
    sets.writeUInt32LE(Number(half), index * 12 + 4)
  }
  libc.capset(header, sets)
}

type ThreadStatus = ReadonlyMap<string, string>

function readStatus(path: string): ThreadStatus {
  const lines = readFileSync(path, "latin1").split("\n")
  return new Map(lines.map((line) => [line.split(":", 1)[0] ?? "", line.slice(line.indexOf(":") + 1).trim()]))
}

/** They have no no_new_privs, but neither do they run programs. */
function verifyOtherThreads(ownThread: string, uid: number, gid: number): void {
  for (const thread of readdirSync("/proc/self/task")) {
    const path = `/proc/self/task/${thread}/status`
    // A thread may have ended since the folder was read.
    if (thread === ownThread || !existsSync(path)) continue
    const status = readStatus(path)
    verifyIds(status, uid, gid)
    if (!hasMask(status, "CapEff", 0n) || !hasMask(status, "CapPrm", 0n))
      throw incomplete("a thread's capabilities")
  }
}

function verifyIds(status: ThreadStatus, uid: number, gid: number): void {
  const isAll = (field: string, id: number) =>
    (status.get(field) ?? "").split("\t").every((word) => word === String(id))
  if (!isAll("Uid", uid) || !isAll("Gid", gid) || status.get("Groups") !== "") throw incomplete("ids")
}

function verifyCapabilities(status: ThreadStatus, mask: bigint): void {
  if (!hasMask(status, "CapEff", mask) || !hasMask(status, "CapPrm", mask)) throw incomplete("capabilities")
  if (!hasMask(status, "CapInh", 0n)) throw incomplete("inheritable capabilities")
  // Older kernels tell neither.
  if (status.has("CapAmb") && !hasMask(status, "CapAmb", 0n)) throw incomplete("ambient capabilities")
  if (status.has("NoNewPrivs") && status.get("NoNewPrivs") !== "1") throw incomplete("no_new_privs")
}

function hasMask(status: ThreadStatus, field: string, mask: bigint): boolean {
  return status.get(field) === mask.toString(16).padStart(16, "0")
}

function incomplete(what: string): NativeError {
  return new NativeError("EPERM", 1, "capset", `privileges were not dropped as wanted: ${what}`)
}
