/**
 * Which fields of SYSCALL, PATH, CWD and SOCKADDR records the tables need, in the kernel's order.
 * Source of truth: kernel/auditsc.c audit_log_exit, audit_log_name, show_special.
 */
import { KeyPlan } from "../../formats/linux-audit/field-scan.ts"

function plan<const Keys extends readonly string[]>(
  keys: Keys,
): { plan: KeyPlan; slot: Record<Keys[number], number> } {
  const slot = Object.fromEntries(keys.map((key, at) => [key, at])) as Record<Keys[number], number>
  return { plan: new KeyPlan(keys), slot }
}

const syscall = plan([
  "arch",
  "syscall",
  "per",
  "success",
  "exit",
  "a0",
  "a1",
  "a2",
  "a3",
  "items",
  "ppid",
  "pid",
  "auid",
  "uid",
  "gid",
  "euid",
  "suid",
  "fsuid",
  "egid",
  "sgid",
  "fsgid",
  "tty",
  "ses",
  "comm",
  "exe",
  "subj",
  "key",
  "ARCH",
  "SYSCALL",
  "AUID",
  "UID",
] as const)
export const SYSCALL_PLAN = syscall.plan
export const SYSCALL = syscall.slot

const path = plan([
  "item",
  "name",
  "inode",
  "dev",
  "mode",
  "ouid",
  "ogid",
  "rdev",
  "nametype",
  "objtype",
] as const)
export const PATH_PLAN = path.plan
export const PATH = path.slot

const cwd = plan(["cwd"] as const)
export const CWD_PLAN = cwd.plan
export const CWD = cwd.slot

const sockaddr = plan(["saddr"] as const)
export const SOCKADDR_PLAN = sockaddr.plan
export const SOCKADDR = sockaddr.slot

const socketcall = plan(["nargs", "a0", "a1", "a2"] as const)
export const SOCKETCALL_PLAN = socketcall.plan
export const SOCKETCALL = socketcall.slot

const openat2 = plan(["oflag", "mode", "resolve"] as const)
export const OPENAT2_PLAN = openat2.plan
export const OPENAT2 = openat2.slot

const seccomp = plan([
  "auid",
  "uid",
  "gid",
  "ses",
  "subj",
  "pid",
  "comm",
  "exe",
  "sig",
  "arch",
  "syscall",
  "compat",
  "ip",
  "code",
] as const)
export const SECCOMP_PLAN = seccomp.plan
export const SECCOMP = seccomp.slot

const apparmor = plan([
  "apparmor",
  "operation",
  "class",
  "info",
  "error",
  "namespace",
  "profile",
  "label",
  "name",
  "pid",
  "comm",
  "capability",
  "capname",
  "requested_mask",
  "denied_mask",
  "fsuid",
  "ouid",
  "parent",
] as const)
export const APPARMOR_PLAN = apparmor.plan
export const APPARMOR = apparmor.slot

const user = plan(["pid", "uid", "auid", "ses", "subj", "exe", "terminal", "msg"] as const)
export const USER_PLAN = user.plan
export const USER = user.slot

const enriched = plan(["UID", "AUID", "ID"] as const)
export const ENRICHED_PLAN = enriched.plan
export const ENRICHED = enriched.slot
