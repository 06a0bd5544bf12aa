/**
 * What the value of a field means, in the words of `ausearch -i`, from the evidence alone.
 * Source of truth: audit-userspace auparse/interpret.c, auparse/typetab.h; kernel/auditsc.c for what is encoded.
 */
import type { Field } from "../fields.ts"
import { ARCHES } from "../tables/arches.gen.ts"
import * as tables from "../tables/constants.gen.ts"
import { ERRORS } from "../tables/errno.gen.ts"
import { FIELD_TYPES, type FieldType } from "../tables/field-types.gen.ts"
import { IO_URING_OPERATIONS } from "../tables/syscalls.gen.ts"
import { formatIoctl, formatMapFlags, formatPersonality, interpretArgument } from "./arguments.ts"
import type { Interpret, RecordContext } from "./context.ts"
import { reportEncoded, reportNumber } from "./damage.ts"
import { decodeEncoded, decodeHex } from "./encoded.ts"
import { hexFlags } from "./flags.ts"
import { groupName, userName } from "./names.ts"
import { hexLow, leadingDecimal } from "./number.ts"
import { protocolName } from "./protocols.ts"
import { quickText } from "./quick-text.ts"
import {
  capabilities,
  decimalName,
  etherType,
  fanotifyDetail,
  hexadecimal,
  hook,
  mode,
  openFlags,
  permissions,
  seccompAction,
  socketAddress,
  startsWithDigit,
  terminalInput,
  watchedAccess,
  words,
} from "./value-kinds.ts"

/** The field's value in words; its raw text where it means no more than that, or is damaged. */
export function interpretField(context: RecordContext, field: Field): string {
  const interpret = interpreterOf(context.type, field)
  return interpret === undefined ? field.raw : interpret(field, context)
}

const raw: Interpret = (field) => field.raw

const encoded: Interpret = (field, context) => decodeEncoded(field.raw) ?? reportEncoded(field, context)

const proctitle: Interpret = (field, context) => {
  if (field.raw.charCodeAt(0) === 0x22) return encoded(field, context)
  const bytes = decodeHex(field.raw)
  if (bytes === undefined) return reportEncoded(field, context)
  for (let at = bytes.indexOf(0); at >= 0; at = bytes.indexOf(0, at)) bytes[at] = 0x20
  return quickText(bytes, 0, bytes.length)
}

/** A decimal account number: the tail's name first, then the caller's, else the number. */
const account =
  (name: typeof userName): Interpret =>
  (field, context) => {
    const told = field.enriched === undefined ? undefined : (decodeEncoded(field.enriched) ?? field.enriched)
    if (told !== undefined && !told.startsWith("unknown(")) return told
    if (field.raw === "-1") return "unset"
    const number = leadingDecimal(field.raw)
    if (Number.isNaN(number)) return reportNumber(field, context, "a decimal number")
    return name(number, context.accounts) ?? told ?? field.raw
  }
const user = account(userName)
const group = account(groupName)

/** What the tail says, unless the host that wrote it did not know either. */
function knownToHost(field: Field): string | undefined {
  return field.enriched?.startsWith("unknown-") === false ? field.enriched : undefined
}

const arch: Interpret = (field) =>
  knownToHost(field) ?? ARCHES[hexLow(field.raw)]?.name ?? `unknown-elf-type(${field.raw})`

const syscall: Interpret = (field, context) => {
  const known = knownToHost(field)
  if (known !== undefined) return known
  const { call } = context
  if (field.name === "uring_op")
    return IO_URING_OPERATIONS.name(leadingDecimal(field.raw)) ?? `unknown-syscall(${field.raw})`
  if (call === undefined) {
    return Number.isNaN(leadingDecimal(field.raw))
      ? reportNumber(field, context, "a decimal number")
      : `unknown-syscall(${field.raw})`
  }
  const inner =
    call === "socketcall"
      ? tables.SOCKET_CALLS.name(context.argument("a0"))
      : call === "ipc"
        ? tables.IPC_CALLS.name(context.argument("a0"))
        : undefined
  return inner === undefined ? call : `${call}(${inner})`
}

/** `-2` is `ENOENT(No such file or directory)`; the kernel's own restart codes have no name. */
const exit: Interpret = (field, context) => {
  if (field.raw.charCodeAt(0) !== 0x2d) {
    return Number.isNaN(leadingDecimal(field.raw))
      ? reportNumber(field, context, "a decimal number")
      : field.raw
  }
  const number = leadingDecimal(field.raw, 1)
  if (Number.isNaN(number)) return reportNumber(field, context, "a decimal number")
  const error = ERRORS[number]
  return error === undefined ? field.raw : `${error[0]}(${error[1]})`
}

const session: Interpret = (field) => (field.raw === "4294967295" || field.raw === "-1" ? "unset" : field.raw)

const outcome: Interpret = (field) =>
  field.raw === "1" ? "yes" : field.raw === "0" ? "no" : startsWithDigit(field.raw) ? "unset" : field.raw

const argument =
  (index: number): Interpret =>
  (field, context) =>
    interpretArgument(field, index, context)

const LISTS = ["user", "task", "entry", "watch", "exit", "exclude", "filesystem", "io_uring"]

const INTERPRETERS: Readonly<Record<FieldType, Interpret>> = {
  UID: user,
  GID: group,
  SYSCALL: syscall,
  ARCH: arch,
  EXIT: exit,
  ESCAPED: encoded,
  ESCAPED_FILE: encoded,
  ESCAPED_KEY: encoded,
  PERM: watchedAccess,
  MODE: mode,
  SOCKADDR: socketAddress,
  PROMISC: decimalName((number) => (number === 0 ? "no" : "yes"), "mode"),
  CAPABILITY: decimalName((number) => tables.CAPABILITIES.name(number), "capability"),
  SUCCESS: outcome,
  A0: argument(0),
  A1: argument(1),
  A2: argument(2),
  A3: argument(3),
  SIGNAL: decimalName((number) => tables.SIGNALS.name(number), "signal"),
  LIST: decimalName((number) => LISTS[number], "list"),
  TTY_DATA: terminalInput,
  SESSION: session,
  CAP_BITMAP: capabilities,
  NFPROTO: decimalName((number) => tables.NETFILTER_FAMILIES.name(number), "netfilter-protocol"),
  ICMPTYPE: decimalName((number) => tables.ICMP_TYPES.name(number), "icmp-type"),
  PROTOCOL: decimalName((number) => protocolName(number) ?? "undefined protocol", "protocol"),
  ADDR: raw,
  PERSONALITY: hexadecimal((_, text) => formatPersonality(text)),
  SECCOMP: seccompAction,
  OFLAG: openFlags,
  MMAP: hexadecimal((_, text) => formatMapFlags(text)),
  MAC_LABEL: raw,
  PROCTITLE: proctitle,
  HOOK: hook,
  NETACTION: hexadecimal((low, text) => tables.NET_ACTIONS.name(low) ?? `unknown-action(${text})`),
  MACPROTO: etherType,
  IOCTL_REQ: hexadecimal((_, text) => formatIoctl(text)),
  FANOTIFY: words(
    new Map([
      ["1", "allow"],
      ["2", "deny"],
    ]),
    "unknown",
  ),
  NLMCGRP: hexadecimal((low) => (low === 1 ? "audit-netlink-multicast" : "audit-none")),
  RESOLVE: hexadecimal((_, text) => hexFlags(tables.RESOLVE_FLAGS, text)),
  TRUST: words(
    new Map([
      ["0", "no"],
      ["1", "yes"],
    ]),
    "unknown",
  ),
  FAN_TYPE: words(
    new Map([
      ["0", "none"],
      ["1", "rule_info"],
    ]),
    "unknown",
  ),
  FAN_INFO: fanotifyDetail,
  ERRNO: decimalName((number) => ERRORS[number]?.[0] ?? "UNKNOWN", "errno"),
}

const BY_NAME: ReadonlyMap<string, Interpret> = new Map(
  FIELD_TYPES.map(([name, type]) => [name, INTERPRETERS[type]]),
)

const EXECVE = 1309
const TRUSTED_APP = 1121

/** Where a record type uses a name for something else than the other types do. */
const BY_TYPE: ReadonlyMap<number, ReadonlyMap<string, Interpret>> = new Map([
  differs(1107, "saddr", raw),
  differs(1116, "id", group),
  differs(1117, "id", group),
  differs(1124, "msg", encoded),
  differs(1132, "id", group),
  differs(1312, "mode", permissions),
  differs(1324, "saddr", raw),
  differs(1400, "saddr", raw),
  differs(1424, "mode", raw),
  differs(2404, "fp", raw),
])

function differs(type: number, name: string, interpret: Interpret): [number, ReadonlyMap<string, Interpret>] {
  return [type, new Map([...BY_NAME, [name, interpret]])]
}

function interpreterOf(type: number, field: Field): Interpret | undefined {
  if (type === EXECVE && isExecArgument(field.name)) return encoded
  const known = (BY_TYPE.get(type) ?? BY_NAME).get(field.name)
  if (known === undefined && type === TRUSTED_APP && field.name !== "pid") return encoded
  return known
}

/** `a0`, `a1[3]`; not `argc`, not `a1_len`. */
function isExecArgument(name: string): boolean {
  if (name.charCodeAt(0) !== 0x61) return false
  const second = name.charCodeAt(1)
  return second >= 0x30 && second <= 0x39 && !name.endsWith("_len")
}
