/**
 * What an event of the kernel means to the tables, by its name: the same number is another call on another system.
 * Where the system is not known, and the number has two meanings, the first one with a role counts.
 * Source of truth: the event table of formats/bsm, and the calls that the events audit.
 */
import { type BsmPlatform, findEvent } from "../../formats/bsm/tables/events.ts"

export type RoleKind = "exec" | "spawn" | "fork" | "exit" | "chdir" | "chroot" | "socket" | "file" | "startup"

export interface EventRole {
  readonly kind: RoleKind
  /** The system call. */
  readonly call: string
  /** What the table calls it: of sockets the action, of files the operation. */
  readonly operation: string
  /** False where only calls that name an address are rows. */
  readonly isAlways: boolean
}

const role = (kind: RoleKind, call: string, operation = call, isAlways = true): EventRole => {
  return { kind, call, operation, isAlways }
}

const ROLES: ReadonlyMap<string, EventRole> = new Map<string, EventRole>([
  ["AUE_EXEC", role("exec", "exec")],
  ["AUE_EXECVE", role("exec", "execve")],
  ["AUE_EXECVEAT", role("exec", "execveat")],
  ["AUE_FEXECVE", role("exec", "fexecve")],
  ["AUE_MAC_EXECVE", role("exec", "mac_execve")],
  ["AUE_POSIX_SPAWN", role("spawn", "posix_spawn")],
  ["AUE_FORK", role("fork", "fork")],
  ["AUE_FORK1", role("fork", "fork1")],
  ["AUE_FORKALL", role("fork", "forkall")],
  ["AUE_VFORK", role("fork", "vfork")],
  ["AUE_RFORK", role("fork", "rfork")],
  ["AUE_DARWIN_RFORK", role("fork", "rfork")],
  ["AUE_PDFORK", role("fork", "pdfork")],
  ["AUE_EXIT", role("exit", "exit")],
  ["AUE_CHDIR", role("chdir", "chdir")],
  ["AUE_FCHDIR", role("chdir", "fchdir")],
  ["AUE_CHROOT", role("chroot", "chroot")],
  ["AUE_CONNECT", role("socket", "connect")],
  ["AUE_CONNECTAT", role("socket", "connectat", "connect", false)],
  ["AUE_BIND", role("socket", "bind")],
  ["AUE_BINDAT", role("socket", "bindat", "bind", false)],
  ["AUE_ACCEPT", role("socket", "accept")],
  ["AUE_LISTEN", role("socket", "listen")],
  ["AUE_SENDTO", role("socket", "sendto", "sendto", false)],
  ["AUE_SENDMSG", role("socket", "sendmsg", "sendmsg", false)],
  ["AUE_RECVFROM", role("socket", "recvfrom", "recvfrom", false)],
  ["AUE_RECVMSG", role("socket", "recvmsg", "recvmsg", false)],
  ["AUE_SYSTEMBOOT", role("startup", "")],
  ["AUE_audit_startup", role("startup", "")],
  ["AUE_DARWIN_audit_startup", role("startup", "")],
  ["AUE_audit_recovery", role("startup", "")],
])

/** Calls that change the tree or a file's attributes, by what follows AUE_ and AUE_DARWIN_, without AT and _EXTENDED. */
const FILE_OPERATIONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    UNLINK: "unlink",
    RMDIR: "rmdir",
    RENAME: "rename",
    LINK: "link",
    SYMLINK: "symlink",
    MKDIR: "mkdir",
    MKNOD: "mknod",
    MKFIFO: "mknod",
    TRUNCATE: "truncate",
    FTRUNCATE: "truncate",
    CHMOD: "chmod",
    FCHMOD: "chmod",
    LCHMOD: "chmod",
    CHOWN: "chown",
    FCHOWN: "chown",
    LCHOWN: "chown",
    CHFLAGS: "chflags",
    FCHFLAGS: "chflags",
    LCHFLAGS: "chflags",
    UTIME: "utimes",
    UTIMES: "utimes",
    FUTIMES: "utimes",
    LUTIMES: "utimes",
    EXTATTR_SET_FILE: "setxattr",
    EXTATTR_SET_FD: "setxattr",
    EXTATTR_SET_LINK: "setxattr",
    EXTATTR_DELETE_FILE: "removexattr",
    EXTATTR_DELETE_FD: "removexattr",
    EXTATTR_DELETE_LINK: "removexattr",
    EXCHANGEDATA: "exchange",
    CLONEFILE: "clone",
    FCLONEFILE: "clone",
    COPYFILE: "copy",
    CREAT: "open+truncate",
    CLOSE: "close",
  }),
)
const OPEN = /^AUE_OPEN(?:_EXTENDED|AT|BYID)?(?:_R?W?C?(T)?C?)?$/

/** Roles by system and number, looked up by name once each. */
export class EventRoles {
  readonly #roles = new Map<BsmPlatform, Map<number, EventRole | undefined>>()

  /** Undefined for what no table of system calls takes. */
  find(platform: BsmPlatform, event: number): EventRole | undefined {
    let roles = this.#roles.get(platform)
    if (roles === undefined) {
      roles = new Map()
      this.#roles.set(platform, roles)
    }
    const known = roles.get(event)
    if (known !== undefined || roles.has(event)) return known
    const found = describeEvent(findEvent(platform, event)?.name ?? "")
    roles.set(event, found)
    return found
  }
}

/** @param names one, or two joined by `|` */
function describeEvent(names: string): EventRole | undefined {
  for (const name of names.split("|")) {
    const found = ROLES.get(name) ?? describeFile(name)
    if (found !== undefined) return found
  }
  return undefined
}

function describeFile(name: string): EventRole | undefined {
  const open = OPEN.exec(name)
  const call = name.replace(/^AUE_(?:DARWIN_|OPENBSM_)?/, "").toLowerCase()
  if (open !== null)
    return role("file", call.replace(/_.*$/, ""), open[1] === undefined ? "open" : "open+truncate")
  const base = name.replace(/^AUE_(?:DARWIN_|OPENBSM_)?/, "").replace(/_EXTENDED$/, "")
  const operation = FILE_OPERATIONS.get(base) ?? FILE_OPERATIONS.get(base.replace(/X?AT$/, ""))
  return operation === undefined ? undefined : role("file", call, operation)
}
