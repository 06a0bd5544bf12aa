/**
 * What a system call means to the tables, by arch and number.
 * DEVIATION(osquery): arch: osquery never reads it, but the same number is another call elsewhere.
 * Source of truth: the kernel's syscall tables, through formats/linux-audit/tables.
 */
import { syscallName } from "../../formats/linux-audit/tables/syscall-name.ts"

export type Role =
  | "exec"
  | "fork"
  | "clone"
  | "exit"
  | "signal"
  | "bind"
  | "connect"
  | "accept"
  | "listen"
  | "socketcall"
  | "open"
  | "openat"
  | "file"
  | "other"

export interface Call {
  readonly role: Role
  readonly name: string
  /** What process_file_events calls it; '' elsewhere. */
  readonly operation: string
  /** Number of arguments before the path: 1 for the *at calls, whose first is a directory descriptor. */
  readonly isAt: boolean
}

const ROLES = new Map<string, Role>([
  ["execve", "exec"],
  ["execveat", "exec"],
  ["fork", "fork"],
  ["vfork", "fork"],
  ["clone", "clone"],
  ["clone2", "clone"],
  // DEVIATION(osquery): clone3: its flags are behind a pointer, so its threads are rows too.
  ["clone3", "fork"],
  ["exit", "exit"],
  ["exit_group", "exit"],
  ["kill", "signal"],
  ["tkill", "signal"],
  ["tgkill", "signal"],
  ["rt_sigqueueinfo", "signal"],
  ["rt_tgsigqueueinfo", "signal"],
  ["pidfd_send_signal", "signal"],
  ["bind", "bind"],
  ["connect", "connect"],
  ["accept", "accept"],
  ["accept4", "accept"],
  ["listen", "listen"],
  ["socketcall", "socketcall"],
  ["open", "open"],
  ["creat", "open"],
  ["openat", "openat"],
  ["openat2", "openat"],
  ["open_by_handle_at", "openat"],
])

/** Calls that change the tree or a file's attributes, and the operation they stand for. */
const FILE_OPERATIONS = new Map<string, string>(
  Object.entries({
    unlink: "unlink",
    unlinkat: "unlink",
    rmdir: "rmdir",
    rename: "rename",
    renameat: "rename",
    renameat2: "rename",
    link: "link",
    linkat: "link",
    symlink: "symlink",
    symlinkat: "symlink",
    mkdir: "mkdir",
    mkdirat: "mkdir",
    mknod: "mknod",
    mknodat: "mknod",
    truncate: "truncate",
    truncate64: "truncate",
    chmod: "chmod",
    fchmodat: "chmod",
    fchmodat2: "chmod",
    chown: "chown",
    chown32: "chown",
    lchown: "chown",
    lchown32: "chown",
    fchownat: "chown",
    setxattr: "setxattr",
    lsetxattr: "setxattr",
    setxattrat: "setxattr",
    removexattr: "removexattr",
    lremovexattr: "removexattr",
    removexattrat: "removexattr",
    utime: "utimes",
    utimes: "utimes",
    futimesat: "utimes",
    utimensat: "utimes",
  }),
)

const SOCKETCALLS: readonly (Role | undefined)[] = [
  undefined,
  undefined,
  "bind",
  "connect",
  "listen",
  "accept",
  ...new Array<undefined>(12).fill(undefined),
  "accept",
]

/** Names of the socket calls that socketcall(2) multiplexes, by the number in its first argument. */
const SOCKETCALL_NAMES = new Map<number, string>([
  [2, "bind"],
  [3, "connect"],
  [4, "listen"],
  [5, "accept"],
  [18, "accept4"],
])

const OTHER: Call = { role: "other", name: "", operation: "", isAt: false }

/** Calls by arch and number, looked up by name once each. */
export class SyscallRoles {
  readonly #byArch = new Map<number, Map<number, Call>>()
  #lastArch = -1
  #last: Map<number, Call> = new Map()
  readonly #socketcalls: readonly (Call | undefined)[] = SOCKETCALLS.map((role, number) =>
    role === undefined ? undefined : { ...OTHER, role, name: SOCKETCALL_NAMES.get(number) ?? "" },
  )

  /** @param arch audit arch word (c000003e), NaN when the record lacks it */
  find(arch: number, number: number): Call {
    if (arch !== this.#lastArch) {
      const calls = this.#byArch.get(arch) ?? new Map<number, Call>()
      if (this.#byArch.size < 64) this.#byArch.set(arch, calls)
      this.#lastArch = arch
      this.#last = calls
    }
    const known = this.#last.get(number)
    if (known !== undefined) return known
    const call = describeCall(arch, number)
    if (this.#last.size < 2048) this.#last.set(number, call)
    return call
  }

  /** The call behind socketcall(2), `undefined` for those that no table takes. */
  findSocketcall(number: number): Call | undefined {
    return this.#socketcalls[number]
  }
}

function describeCall(arch: number, number: number): Call {
  const name = syscallName(arch, number)
  if (name === undefined) return OTHER
  const operation = FILE_OPERATIONS.get(name) ?? ""
  const role = ROLES.get(name) ?? (operation === "" ? "other" : "file")
  const isAt = role === "openat" || (role === "file" && /at2?$/.test(name))
  return { role, name, operation: operation === "" ? "open" : operation, isAt }
}
