/**
 * The text of an event, as its print format in the kernel makes it, back into fields under the kernel's names:
 *
 *   filename: 0x7f9b97f04670, argv: 0x7f9b97f04680, envp: 0x7ffd6f7ae380     sys_enter_execve
 *   0xfffffffffffffffe                                                       sys_exit_execve
 *   filename=/bin/true pid=1920 old_pid=1920                                 sched_process_exec
 *   NR 59 (7fd402604670, 7fd402604680, …)     NR 59 = -2                     raw_syscalls
 *
 * Names of files and tasks stand in it as they are: where one holds what looks like a field, the last one is perf's.
 * Source of truth: Linux' include/trace/events/{sched,task,sock}.h, kernel/trace/trace_syscalls.c.
 */
import { isIPv6 } from "node:net"
import type { FieldList } from "./field-list.ts"

/** An address and a symbol behind the text, with -F ip,sym. */
const SYMBOL = "(?:\\s+[0-9a-f]{1,16} \\S.*)?$"
const EXEC = new RegExp(`^filename=(.*) pid=(\\d+) old_pid=(\\d+)${SYMBOL}`, "s")
const FORK = new RegExp(`^comm=(.*) pid=(\\d+) child_comm=(.*) child_pid=(\\d+)${SYMBOL}`, "s")
const END = new RegExp(`^comm=(.*) pid=(\\d+) prio=(\\d+)(?: group_dead=(true|false))?${SYMBOL}`, "s")
const NEW_TASK = new RegExp(
  `^pid=(\\d+) comm=(.*) clone_flags=([0-9a-f]+) oom_score_adj=(-?\\d+)${SYMBOL}`,
  "s",
)
const RENAME = new RegExp(`^pid=(\\d+) oldcomm=(.*) newcomm=(.*) oom_score_adj=(-?\\d+)${SYMBOL}`, "s")
const RAW_ENTER = /^NR (-?\d+) \(([0-9a-f, ]*)\)/
const RAW_EXIT = /^NR (-?\d+) = (-?\d+)/
const RETURN = /^0x([0-9a-f]{1,16})/
const ARGUMENT = /([A-Za-z_]\w*): 0x([0-9a-f]{1,16})(?: "([^"]*)")?/g

const STATES = [
  "",
  ..."TCP_ESTABLISHED TCP_SYN_SENT TCP_SYN_RECV TCP_FIN_WAIT1 TCP_FIN_WAIT2 TCP_TIME_WAIT TCP_CLOSE".split(
    " ",
  ),
  ..."TCP_CLOSE_WAIT TCP_LAST_ACK TCP_LISTEN TCP_CLOSING TCP_NEW_SYN_RECV".split(" "),
]
const FAMILIES: ReadonlyMap<string, number> = new Map([
  ["AF_INET", 2],
  ["AF_INET6", 10],
])
const PROTOCOLS: ReadonlyMap<string, number> = new Map([
  ["IPPROTO_TCP", 6],
  ["IPPROTO_DCCP", 33],
  ["IPPROTO_SCTP", 132],
  ["IPPROTO_MPTCP", 262],
])

/** @returns false when the text is not the whole of what the event prints */
export function readEventText(event: string, text: string, fields: FieldList): boolean {
  switch (event) {
    case "sched:sched_process_exec":
      return take(EXEC, text, ([, filename = "", pid, oldPid]) => {
        fields.text("filename", filename)
        fields.int("pid", Number(pid))
        fields.int("old_pid", Number(oldPid))
      })
    case "sched:sched_process_fork":
      return take(FORK, text, ([, comm = "", pid, childComm = "", childPid]) => {
        fields.text("parent_comm", comm)
        fields.int("parent_pid", Number(pid))
        fields.text("child_comm", childComm)
        fields.int("child_pid", Number(childPid))
      })
    case "sched:sched_process_exit":
      return take(END, text, ([, comm = "", pid, prio, groupDead]) => {
        fields.text("comm", comm)
        fields.int("pid", Number(pid))
        fields.int("prio", Number(prio))
        if (groupDead !== undefined) fields.int("group_dead", groupDead === "true" ? 1 : 0)
      })
    case "task:task_newtask":
      return take(NEW_TASK, text, ([, pid, comm = "", flags = "0", score]) => {
        fields.int("pid", Number(pid))
        fields.text("comm", comm)
        fields.int("clone_flags", BigInt(`0x${flags}`))
        fields.int("oom_score_adj", Number(score))
      })
    case "task:task_rename":
      return take(RENAME, text, ([, pid, oldComm = "", newComm = "", score]) => {
        fields.int("pid", Number(pid))
        fields.text("oldcomm", oldComm)
        fields.text("newcomm", newComm)
        fields.int("oom_score_adj", Number(score))
      })
    case "raw_syscalls:sys_enter":
      return take(RAW_ENTER, text, ([, id, list = ""]) => {
        fields.int("id", Number(id))
        fields.bytes("args", argumentBytes(list))
      })
    case "raw_syscalls:sys_exit":
      return take(RAW_EXIT, text, ([, id, result = "0"]) => {
        fields.int("id", Number(id))
        fields.int("ret", BigInt(result))
      })
    case "sock:inet_sock_set_state":
      return readSocketState(text, fields)
    default:
      return readOther(event, text, fields)
  }
}

function take(pattern: RegExp, text: string, use: (found: RegExpExecArray) => void): boolean {
  const found = pattern.exec(text)
  if (found === null) return false
  use(found)
  return true
}

function readOther(event: string, text: string, fields: FieldList): boolean {
  if (event.startsWith("syscalls:sys_exit_"))
    return take(RETURN, text, ([, result = "0"]) => fields.int("ret", BigInt(`0x${result}`)))
  if (!event.startsWith("syscalls:sys_enter_")) {
    fields.text("text", text)
    return true
  }
  for (const [, name = "", value = "0", content] of text.matchAll(ARGUMENT)) {
    fields.int(name, BigInt(`0x${value}`))
    if (content !== undefined) fields.text(`__${name}_val`, content)
  }
  return true
}

/** Eight bytes an argument, little endian. */
function argumentBytes(list: string): Buffer {
  const values = list.split(",").slice(0, 6)
  const bytes = Buffer.alloc(values.length * 8)
  values.forEach((value, index) => {
    const digits = value.trim()
    bytes.writeBigUInt64LE(
      BigInt.asUintN(64, BigInt(digits === "" ? 0 : `0x${digits.slice(-16)}`)),
      index * 8,
    )
  })
  return bytes
}

function readSocketState(text: string, fields: FieldList): boolean {
  const found = new Map<string, string>()
  for (const [, name = "", value = ""] of text.matchAll(/(\w+)=(\S*)/g)) found.set(name, value)
  const [before, after] = [
    STATES.indexOf(found.get("oldstate") ?? "-"),
    STATES.indexOf(found.get("newstate") ?? "-"),
  ]
  if (before < 0 || after < 0) return false
  fields.int("oldstate", before)
  fields.int("newstate", after)
  fields.int("sport", Number(found.get("sport")) || 0)
  fields.int("dport", Number(found.get("dport")) || 0)
  fields.int("family", FAMILIES.get(found.get("family") ?? "") ?? 0)
  fields.int("protocol", PROTOCOLS.get(found.get("protocol") ?? "") ?? 0)
  fields.bytes("saddr", addressBytes(found.get("saddr") ?? ""))
  fields.bytes("daddr", addressBytes(found.get("daddr") ?? ""))
  fields.bytes("saddr_v6", addressBytes(found.get("saddrv6") ?? ""))
  fields.bytes("daddr_v6", addressBytes(found.get("daddrv6") ?? ""))
  return true
}

/** 4 or 16 bytes of an address, none of what is no address. */
export function addressBytes(text: string): Buffer {
  const dotted = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)
  if (dotted !== null) return Buffer.from(dotted.slice(1).map(Number))
  return isIPv6(text) && !text.includes("%") ? wideBytes(text) : Buffer.alloc(0)
}

function wideBytes(text: string): Buffer {
  const dot = text.lastIndexOf(":")
  const tail = text.includes(".") ? [...addressBytes(text.slice(dot + 1))] : []
  const words = tail.length === 4 ? `${text.slice(0, dot)}:${hex(tail, 0)}:${hex(tail, 2)}` : text
  const [left = "", right] = words.split("::")
  const first = left === "" ? [] : left.split(":")
  const last = right === undefined || right === "" ? [] : right.split(":")
  const zeros = right === undefined ? 0 : Math.max(0, 8 - first.length - last.length)
  const all = [...first, ...Array.from({ length: zeros }, () => "0"), ...last]
  const bytes = Buffer.alloc(16)
  all.slice(0, 8).forEach((word, index) => {
    bytes.writeUInt16BE(Number.parseInt(word || "0", 16), index * 2)
  })
  return bytes
}

function hex(bytes: readonly number[], at: number): string {
  return (((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)).toString(16)
}
