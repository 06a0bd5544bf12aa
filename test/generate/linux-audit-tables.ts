/**
 * Writes src/formats/linux-audit/tables/*.gen.ts from the look-up data beside the checkout.
 * Run: node test/generate/linux-audit-tables.ts [FOLDER]
 * Source of truth: audit-userspace lib/*tab.h and auparse/*tab.h; osquery seccomp_events.cpp.
 */
import { readFileSync, writeFileSync } from "node:fs"
import path from "node:path"
import { fileURLToPath } from "node:url"

type Pair = readonly [number, string]
interface RecordType {
  readonly number: number
  readonly name: string
}
interface Arch {
  readonly name: string
  readonly syscallTable: string | null
}
interface Errno {
  readonly number: number
  readonly names: readonly string[]
  readonly text: string
}

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..")
const shared = path.resolve(root, process.argv[2] ?? "../shared/data")
const target = path.join(root, "src/formats/linux-audit/tables")

/** x32 has its own numbers where the 64-bit call takes pointers to structures (arch/x86/entry/syscalls/syscall_64.tbl). */
const X32_CALLS =
  "512 rt_sigaction rt_sigreturn ioctl readv writev recvfrom sendmsg recvmsg execve ptrace rt_sigpending " +
  "rt_sigtimedwait rt_sigqueueinfo sigaltstack timer_create mq_notify kexec_load waitid set_robust_list " +
  "get_robust_list vmsplice move_pages preadv pwritev rt_tgsigqueueinfo recvmmsg sendmmsg process_vm_readv " +
  "process_vm_writev setsockopt getsockopt io_setup io_submit execveat preadv2 pwritev2"

/** What the upstream tables spell wrongly, or read as a signed number. */
const CORRECTIONS = new Map([["IGPWR", "SIGPWR"]])

const CONSTANTS = new Map([
  ["access-flag", "FACCESSAT_FLAGS"],
  ["access", "ACCESS_MODES"],
  ["arphook", "ARP_HOOKS"],
  ["bpf", "BPF_COMMANDS"],
  ["cap", "CAPABILITIES"],
  ["clock", "CLOCKS"],
  ["clone-flag", "CLONE_FLAGS"],
  ["epoll_ctl", "EPOLL_OPERATIONS"],
  ["fam", "ADDRESS_FAMILIES"],
  ["fcntl-cmd", "FCNTL_COMMANDS"],
  ["fsconfig", "FSCONFIG_COMMANDS"],
  ["icmptype", "ICMP_TYPES"],
  ["inethook", "INET_HOOKS"],
  ["ioctlreq", "IOCTL_REQUESTS"],
  ["ip6optname", "IPV6_OPTIONS"],
  ["ipc", "IPC_CALLS"],
  ["ipccmd", "IPC_FLAGS"],
  ["ipoptname", "IP_OPTIONS"],
  ["mmap", "MMAP_FLAGS"],
  ["mount", "MOUNT_FLAGS"],
  ["netaction", "NET_ACTIONS"],
  ["nfproto", "NETFILTER_FAMILIES"],
  ["open-flag", "OPEN_FLAGS"],
  ["openat2-resolve", "RESOLVE_FLAGS"],
  ["person", "PERSONALITIES"],
  ["pktoptname", "PACKET_OPTIONS"],
  ["prctl-opt-", "PRCTL_OPTIONS"],
  ["prot", "PROTECTIONS"],
  ["ptrace", "PTRACE_REQUESTS"],
  ["recv", "MESSAGE_FLAGS"],
  ["rlimit", "RESOURCE_LIMITS"],
  ["sched", "SCHEDULERS"],
  ["seccomp", "SECCOMP_ACTIONS"],
  ["seek", "SEEK_ORIGINS"],
  ["shm_mode", "SHM_MODES"],
  ["signal", "SIGNALS"],
  ["sock", "SOCKET_CALLS"],
  ["socklevel", "SOCKET_LEVELS"],
  ["sockoptname", "SOCKET_OPTIONS"],
  ["socktype", "SOCKET_TYPES"],
  ["tcpoptname", "TCP_OPTIONS"],
  ["umount", "UMOUNT_FLAGS"],
  ["xattr-atflag", "XATTR_FLAGS"],
])

const SYSCALL_TABLES = [
  ["aarch64", "AARCH64_CALLS"],
  ["arm", "ARM_CALLS"],
  ["i386", "I386_CALLS"],
  ["io_uring", "IO_URING_OPERATIONS"],
  ["ppc64le", "PPC64LE_CALLS"],
  ["riscv32", "RISCV32_CALLS"],
  ["riscv64", "RISCV64_CALLS"],
  ["s390", "S390_CALLS"],
  ["s390x", "S390X_CALLS"],
  ["x86_64", "X86_64_CALLS"],
] as const

function readJson<T>(name: string): T {
  return JSON.parse(readFileSync(path.join(shared, name), "utf8")) as T
}

/** The text that NameTable splits: a number only where it is not one more than the last. */
function pack(pairs: readonly Pair[]): string {
  const words: string[] = []
  let next = 0
  for (const [signed, name] of pairs) {
    const number = signed < 0 ? signed + 2 ** 32 : signed
    if (number !== next) words.push(String(number))
    words.push(CORRECTIONS.get(name) ?? name)
    next = number + 1
  }
  return words.join(" ")
}

function pairsOf(map: Readonly<Record<string, string>>): Pair[] {
  return Object.entries(map).map(([number, name]) => [Number(number), name] as const)
}

function write(name: string, purpose: string, lines: readonly string[]): void {
  const head = `/** ${purpose} Written by test/generate/linux-audit-tables.ts; do not edit. */\n`
  writeFileSync(path.join(target, `${name}.gen.ts`), `${head}${lines.join("\n")}\n`)
}

const IMPORT = `import { NameTable } from "./name-table.ts"\n`
const table = (name: string, pairs: readonly Pair[]): string =>
  `export const ${name} = new NameTable(\n  ${JSON.stringify(pack(pairs))},\n)`

function writeRecordTypes(): void {
  const types = readJson<RecordType[]>("linux-audit/record-types.json")
  write("record-types", "Record type numbers and the names auditd logs.", [
    IMPORT,
    table(
      "RECORD_TYPES",
      types.map(({ number, name }) => [number, name] as const),
    ),
  ])
}

function writeSyscalls(): void {
  const lines = [IMPORT]
  for (const [file, name] of SYSCALL_TABLES)
    lines.push(table(name, pairsOf(readJson(`linux-audit/syscalls-${file}.json`))))
  lines.push(`export const X32_CALLS = new NameTable(\n  ${JSON.stringify(X32_CALLS)},\n)`)
  write("syscalls", "System call numbers and names of each architecture, and io_uring operations.", lines)
}

function writeArches(): void {
  const arches = Object.entries(readJson<Record<string, Arch>>("linux-audit/arches.json"))
  const constants = new Map<string, string>(SYSCALL_TABLES)
  const used = new Set<string>()
  const rows = arches.map(([word, { name, syscallTable }]) => {
    const calls = syscallTable === null ? undefined : constants.get(syscallTable)
    if (calls !== undefined) used.add(calls)
    return `  0x${word}: { name: ${JSON.stringify(name)}, calls: ${calls ?? "undefined"} },`
  })
  write("arches", "The arch words of audit records (linux/audit.h AUDIT_ARCH_*), names and call tables.", [
    `import type { NameTable } from "./name-table.ts"`,
    `import { ${[...used].sort().join(", ")} } from "./syscalls.gen.ts"\n`,
    `export interface Arch {\n  readonly name: string\n  readonly calls: NameTable | undefined\n}\n`,
    `export const ARCHES: Readonly<Record<number, Arch>> = {\n${rows.join("\n")}\n}`,
  ])
}

function writeErrno(): void {
  const errors = readJson<Errno[]>("linux-audit/errno.json")
  const rows = errors.map(
    ({ number, names, text }) => `  ${number}: [${JSON.stringify(names[0])}, ${JSON.stringify(text)}],`,
  )
  write("errno", "Error numbers: name and the C library's message.", [
    `export const ERRORS: Readonly<Record<number, readonly [name: string, message: string]>> = {\n${rows.join("\n")}\n}`,
  ])
}

function writeConstants(): void {
  const lines = [IMPORT]
  for (const [file, name] of CONSTANTS)
    lines.push(table(name, readJson<Pair[]>(`linux-audit/tables/${file}.json`)))
  write("constants", "Arguments, flags and options of system calls by name.", lines)
}

function writeFieldTypes(): void {
  const types = Object.entries(readJson<Record<string, string>>("linux-audit/tables/field-types.json"))
  const rows = types.map(([name, type]) => `  [${JSON.stringify(name)}, ${JSON.stringify(type)}],`)
  const union = [...new Set(types.map(([, type]) => type))].map((type) => `  | ${JSON.stringify(type)}`)
  write("field-types", "What kind of value each field name holds (auparse/typetab.h).", [
    `export type FieldType =\n${union.join("\n")}\n`,
    `export const FIELD_TYPES: readonly (readonly [name: string, type: FieldType])[] = [\n${rows.join("\n")}\n]`,
  ])
}

function writeOsquerySeccomp(): void {
  const seccomp = readJson<Record<"actions" | "archs", Record<string, string>>>("osquery/seccomp_events.json")
  const literal = (name: string, map: Readonly<Record<string, string>>): string =>
    `export const ${name}: Readonly<Record<number, string>> = {\n${Object.entries(map)
      .map(([number, text]) => `  0x${Number(number).toString(16)}: ${JSON.stringify(text)},`)
      .join("\n")}\n}`
  write("osquery-seccomp", "The words osquery uses in seccomp_events.", [
    literal("OSQUERY_SECCOMP_ACTIONS", seccomp.actions),
    "",
    literal("OSQUERY_ARCHES", seccomp.archs),
  ])
}

writeRecordTypes()
writeSyscalls()
writeArches()
writeErrno()
writeConstants()
writeFieldTypes()
writeOsquerySeccomp()
