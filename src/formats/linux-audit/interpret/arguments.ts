/**
 * System call arguments a0 to a3 by the call they belong to.
 * Source of truth: audit-userspace auparse/interpret.c; the man page of each call.
 */
import type { Field } from "../fields.ts"
import * as tables from "../tables/constants.gen.ts"
import type { NameTable } from "../tables/name-table.ts"
import type { RecordContext } from "./context.ts"
import { reportNumber } from "./damage.ts"
import { asHex, hexFlags, hexName, joinFlags } from "./flags.ts"
import { formatFileMode, formatPermissions } from "./mode.ts"
import { groupName, userName } from "./names.ts"
import { hexLow } from "./number.ts"
import { protocolName } from "./protocols.ts"

type ReadArgument = (raw: string, context: RecordContext) => string

const AT_FDCWD = 0xffffff9c
const SOL_SOCKET = 1
const F_SETFD = 2
const F_SETOWN = 8
const O_CREAT = 0x40

const flags =
  (table: NameTable): ReadArgument =>
  (raw) =>
    hexFlags(table, raw)
const name =
  (table: NameTable, what: string): ReadArgument =>
  (raw) =>
    hexName(table, raw, what)

const directory: ReadArgument = (raw) => (hexLow(raw) === AT_FDCWD ? "AT_FDCWD" : asHex(raw))
const user: ReadArgument = (raw, { accounts }) => userName(hexLow(raw), accounts) ?? String(hexLow(raw))
const group: ReadArgument = (raw, { accounts }) => groupName(hexLow(raw), accounts) ?? String(hexLow(raw))
const permissions: ReadArgument = (raw) => formatPermissions(hexLow(raw)) ?? asHex(raw)
const signal = name(tables.SIGNALS, "signal")
const message = flags(tables.MESSAGE_FLAGS)
const extendedAttribute = flags(tables.XATTR_FLAGS)

const openFlags: ReadArgument = (raw) => formatOpenFlags(hexLow(raw)) ?? asHex(raw)

/** O_RDONLY is no bit. */
export function formatOpenFlags(bits: number): string | undefined {
  if (Number.isNaN(bits)) return undefined
  const text = joinFlags(tables.OPEN_FLAGS, bits, (bits & 3) === 0 ? "O_RDONLY" : "")
  return text === "" ? undefined : text
}

/** The lowest byte is the signal that the child sends at its end. */
const cloneFlags: ReadArgument = (raw) => {
  const bits = hexLow(raw)
  const exitSignal = bits & 0xff
  const text = joinFlags(tables.CLONE_FLAGS, bits)
  const signalName = exitSignal === 0 ? undefined : tables.SIGNALS.name(exitSignal)
  if (signalName !== undefined) return text === "" ? signalName : `${text}|${signalName}`
  return text === "" ? asHex(raw) : text
}

const personality: ReadArgument = (raw) => formatPersonality(raw)

const ADDR_NO_RANDOMIZE = 0x40000

export function formatPersonality(raw: string): string {
  const bits = hexLow(raw)
  const known = Number.isNaN(bits) ? undefined : tables.PERSONALITIES.name(bits & 0xff)
  if (known === undefined) return `unknown-personality(${asHex(raw)})`
  return (bits & ADDR_NO_RANDOMIZE) !== 0 ? `${known}|~ADDR_NO_RANDOMIZE` : known
}

const protection: ReadArgument = (raw) => {
  const bits = hexLow(raw)
  return (bits & 7) === 0 ? "PROT_NONE" : hexFlags(tables.PROTECTIONS, raw)
}

/** A mapping that is neither shared nor private is logged as MAP_FILE. */
export function formatMapFlags(raw: string): string {
  const bits = hexLow(raw)
  if (Number.isNaN(bits)) return raw
  return hexFlags(tables.MMAP_FLAGS, raw, (bits & 15) === 0 ? "MAP_FILE" : "")
}

const accessMode: ReadArgument = (raw) =>
  (hexLow(raw) & 15) === 0 ? "F_OK" : hexFlags(tables.ACCESS_MODES, raw)

const scheduler: ReadArgument = (raw) => {
  const bits = hexLow(raw)
  const known = tables.SCHEDULERS.name(bits & 15)
  if (known === undefined) return `unknown-scheduler-policy(${asHex(raw)})`
  return (bits & 0x40000000) !== 0 ? `${known}|SCHED_RESET_ON_FORK` : known
}

const exitCode: ReadArgument = (raw) =>
  raw === "0" ? "EXIT_SUCCESS" : raw === "1" ? "EXIT_FAILURE" : "UNKNOWN"

const socketType: ReadArgument = (raw) =>
  tables.SOCKET_TYPES.name(hexLow(raw) & 0xff) ?? `unknown-type(${raw})`

const socketFamily: ReadArgument = (raw) =>
  tables.ADDRESS_FAMILIES.name(hexLow(raw)) ?? `unknown-family(${asHex(raw)})`

const socketProtocol: ReadArgument = (raw) => protocolName(hexLow(raw)) ?? `unknown-proto(${raw})`

const socketLevel: ReadArgument = (raw) => {
  const level = hexLow(raw)
  if (level === SOL_SOCKET) return "SOL_SOCKET"
  return protocolName(level) ?? hexName(tables.SOCKET_LEVELS, raw, "sockopt-level")
}

const OPTIONS_BY_LEVEL: ReadonlyMap<number, ReadArgument> = new Map([
  [0, name(tables.IP_OPTIONS, "ipopt-name")],
  [SOL_SOCKET, name(tables.SOCKET_OPTIONS, "sockopt-name")],
  [6, name(tables.TCP_OPTIONS, "tcpopt-name")],
  [17, (raw: string) => UDP_OPTIONS.get(hexLow(raw)) ?? `unknown-udpopt-name(${asHex(raw)})`],
  [41, name(tables.IPV6_OPTIONS, "ip6opt-name")],
  [263, name(tables.PACKET_OPTIONS, "pktopt-name")],
])
const UDP_OPTIONS: ReadonlyMap<number, string> = new Map([
  [1, "UDP_CORK"],
  [100, "UDP_ENCAP"],
])

const PPC_WORDS: readonly string[] = ["c0000015", "80000015", "14", "00000014"]

const socketOption: ReadArgument = (raw, context) => {
  const level = context.argument("a1")
  const option = hexLow(raw)
  if (level === SOL_SOCKET && option >= 16 && option <= 21 && PPC_WORDS.includes(context.find("arch")))
    return hexName(tables.SOCKET_OPTIONS, (option + 100).toString(16), "sockopt-name")
  return OPTIONS_BY_LEVEL.get(level)?.(raw, context) ?? asHex(raw)
}

const PR_SET_PDEATHSIG = 1
const PR_CAPBSET_READ = 23
const PR_CAPBSET_DROP = 24

const prctlArgument: ReadArgument = (raw, context) => {
  const option = context.argument("a0")
  if (option === PR_CAPBSET_READ || option === PR_CAPBSET_DROP)
    return hexName(tables.CAPABILITIES, raw, "capability")
  return option === PR_SET_PDEATHSIG ? signal(raw, context) : asHex(raw)
}

const fcntlArgument: ReadArgument = (raw, context) => {
  const command = context.argument("a1")
  if (command === F_SETOWN) return user(raw, context)
  return command === F_SETFD && hexLow(raw) === 1 ? "FD_CLOEXEC" : asHex(raw)
}

/** The mode counts only where the call may create the file. */
const createMode: ReadArgument = (raw, context) =>
  (context.argument("a1") & O_CREAT) === 0 ? asHex(raw) : permissions(raw, context)

const sharedMemory: ReadArgument = (raw) => {
  const bits = hexLow(raw)
  const text = joinFlags(tables.SHM_MODES, bits & 0o14000, joinFlags(tables.IPC_FLAGS, bits & 0o3000))
  const mode = formatPermissions(bits & 0o777)
  return text === "" ? (mode ?? asHex(raw)) : `${text}|${mode}`
}

const ioctlRequest: ReadArgument = (raw) => formatIoctl(raw)

export function formatIoctl(raw: string): string {
  const request = hexLow(raw)
  if (Number.isNaN(request)) return raw
  return tables.IOCTL_REQUESTS.name(request) ?? `0x${request.toString(16)}`
}

const closeOnExec =
  (flag: string): ReadArgument =>
  (raw) =>
    raw === "1" ? flag : asHex(raw)

/** The calls whose arguments have names, one row a call; `undefined` keeps the number. */
type ArgumentReaders = readonly (ReadArgument | undefined)[]
const none = undefined

const CALLS: readonly (readonly [calls: string, ...readers: ArgumentReaders])[] = [
  ["access", none, accessMode],
  ["bpf", name(tables.BPF_COMMANDS, "bpf-cmd")],
  ["chmod", none, permissions],
  ["chown chown32 lchown lchown32 fchown fchown32", none, user, group],
  ["clock_settime clock_settime64", name(tables.CLOCKS, "clk_id")],
  ["clone clone2 unshare", cloneFlags],
  ["creat", none, permissions],
  ["epoll_ctl", none, name(tables.EPOLL_OPERATIONS, "epoll_ctl-operation")],
  ["exit exit_group", exitCode],
  ["faccessat faccessat2", directory, none, accessMode, flags(tables.FACCESSAT_FLAGS)],
  ["fchmod", none, permissions],
  ["fchmodat fchmodat2", directory, none, permissions],
  ["fchownat", directory, none, user, group],
  ["fcntl fcntl64", none, name(tables.FCNTL_COMMANDS, "fcntl-command"), fcntlArgument],
  ["fsconfig", none, name(tables.FSCONFIG_COMMANDS, "fsconfig-operation")],
  ["fsopen", none, closeOnExec("FSOPEN_CLOEXEC")],
  ["fsmount", none, closeOnExec("FSMOUNT_CLOEXEC"), flags(tables.MOUNT_FLAGS)],
  ["futimesat newfstatat fstatat64 name_to_handle_at file_getattr file_setattr", directory],
  ["getrlimit setrlimit", name(tables.RESOURCE_LIMITS, "rlimit")],
  ["getsockopt setsockopt", none, socketLevel, socketOption],
  ["getxattrat listxattrat removexattrat setxattrat", directory, none, extendedAttribute],
  ["ioctl", none, ioctlRequest],
  ["ipc", name(tables.IPC_CALLS, "ipccall")],
  ["kill tkill", none, signal],
  ["linkat", directory, none, directory],
  ["lseek", none, none, name(tables.SEEK_ORIGINS, "whence")],
  ["mkdir", none, permissions],
  ["mkdirat mknodat", directory, none, permissions],
  ["mknod", none, (raw) => formatFileMode(hexLow(raw)) ?? asHex(raw)],
  ["mmap mmap2", none, none, protection, formatMapFlags],
  ["mount", none, none, none, flags(tables.MOUNT_FLAGS)],
  ["move_mount", directory, none, directory],
  ["mprotect pkey_mprotect", none, none, protection],
  ["mq_open", none, openFlags, createMode],
  ["open", none, openFlags, createMode],
  ["openat", directory, none, openFlags],
  ["openat2", directory],
  ["open_by_handle_at", none, none, openFlags],
  ["open_tree_attr", directory, none, none, extendedAttribute],
  ["personality", personality],
  ["prctl", name(tables.PRCTL_OPTIONS, "prctl-option"), prctlArgument],
  ["ptrace", name(tables.PTRACE_REQUESTS, "ptrace")],
  ["readlinkat", directory],
  ["recv send recvfrom sendto recvmmsg recvmmsg_time64 sendmmsg", none, none, none, message],
  ["recvmsg sendmsg", none, none, message],
  ["renameat renameat2", directory, none, directory],
  ["rt_sigaction", signal],
  ["sched_setscheduler", none, scheduler],
  ["setns", none, cloneFlags],
  ["setuid setuid32 setfsuid setfsuid32", user],
  ["setgid setgid32 setfsgid setfsgid32", group],
  ["setreuid setreuid32", user, user],
  ["setregid setregid32", group, group],
  ["setresuid setresuid32", user, user, user],
  ["setresgid setresgid32", group, group, group],
  ["shmget", none, none, sharedMemory],
  ["socket", socketFamily, socketType, socketProtocol],
  ["socketcall", name(tables.SOCKET_CALLS, "socketcall")],
  ["tgkill", none, none, signal],
  ["umount2", none, flags(tables.UMOUNT_FLAGS)],
  ["unlinkat utimensat utimensat_time64", directory],
]

const READERS_BY_CALL: ReadonlyMap<string, ArgumentReaders> = new Map(
  CALLS.flatMap(([calls, ...readers]) => calls.split(" ").map((call) => [call, readers] as const)),
)

/** An argument by the meaning it has for the record's call; `0x…` when it has none. */
export function interpretArgument(field: Field, index: number, context: RecordContext): string {
  const { call } = context
  if (Number.isNaN(hexLow(field.raw))) return reportNumber(field, context, "a hexadecimal argument")
  const read = call === undefined ? undefined : READERS_BY_CALL.get(call)?.[index]
  return read === undefined ? asHex(field.raw) : read(field.raw, context)
}
