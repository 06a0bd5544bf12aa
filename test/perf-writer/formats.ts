/** Formats of a kernel's events as tracefs gives them, with the layouts of Linux 6.x, and the data of their samples. */
import { ByteWriter } from "./byte-writer.ts"

export interface WrittenEvent {
  readonly system: string
  readonly name: string
  readonly id: number
  /** `type name`, size, signed; a place by its order, aligned to its size. */
  readonly fields: readonly (readonly [string, number, boolean])[]
  readonly print: string
}

const COMMON = [
  "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;",
  "\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;",
  "\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;",
  "\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;",
  "",
]

const enter = (id: number, name: string, args: readonly string[]): WrittenEvent => ({
  system: "syscalls",
  name: `sys_enter_${name}`,
  id,
  fields: [["int __syscall_nr", 4, true], ...args.map((arg) => [arg, 8, false] as const)],
  print: `"${args.map((arg) => `${nameOf(arg)}: 0x%08lx`).join(", ")}", ${args
    .map((arg) => `((unsigned long)(REC->${nameOf(arg)}))`)
    .join(", ")}`,
})

const leave = (id: number, name: string): WrittenEvent => ({
  system: "syscalls",
  name: `sys_exit_${name}`,
  id,
  fields: [
    ["int __syscall_nr", 4, true],
    ["long ret", 8, true],
  ],
  print: '"0x%lx", REC->ret',
})

export const EVENTS = {
  exec: {
    system: "sched",
    name: "sched_process_exec",
    id: 301,
    fields: [
      ["__data_loc char[] filename", 4, false],
      ["pid_t pid", 4, true],
      ["pid_t old_pid", 4, true],
    ],
    print: '"filename=%s pid=%d old_pid=%d", __get_str(filename), REC->pid, REC->old_pid',
  },
  fork: {
    system: "sched",
    name: "sched_process_fork",
    id: 302,
    fields: [
      ["char parent_comm[16]", 16, false],
      ["pid_t parent_pid", 4, true],
      ["char child_comm[16]", 16, false],
      ["pid_t child_pid", 4, true],
    ],
    print:
      '"comm=%s pid=%d child_comm=%s child_pid=%d", REC->parent_comm, REC->parent_pid, REC->child_comm, REC->child_pid',
  },
  exit: {
    system: "sched",
    name: "sched_process_exit",
    id: 303,
    fields: [
      ["char comm[16]", 16, false],
      ["pid_t pid", 4, true],
      ["int prio", 4, true],
      ["bool group_dead", 1, false],
    ],
    print:
      '"comm=%s pid=%d prio=%d group_dead=%s", REC->comm, REC->pid, REC->prio, REC->group_dead ? "true" : "false"',
  },
  enterExecve: enter(304, "execve", [
    "const char * filename",
    "const char *const * argv",
    "const char *const * envp",
  ]),
  exitExecve: leave(305, "execve"),
  enterSocket: enter(306, "socket", ["int family", "int type", "int protocol"]),
  exitSocket: leave(307, "socket"),
  enterConnect: enter(308, "connect", ["int fd", "struct sockaddr * uservaddr", "int addrlen"]),
  exitConnect: leave(309, "connect"),
  socketState: {
    system: "sock",
    name: "inet_sock_set_state",
    id: 310,
    fields: [
      ["const void * skaddr", 8, false],
      ["int oldstate", 4, true],
      ["int newstate", 4, true],
      ["__u16 sport", 2, false],
      ["__u16 dport", 2, false],
      ["__u16 family", 2, false],
      ["__u16 protocol", 2, false],
      ["__u8 saddr[4]", 4, false],
      ["__u8 daddr[4]", 4, false],
      ["__u8 saddr_v6[16]", 16, false],
      ["__u8 daddr_v6[16]", 16, false],
    ],
    print:
      '"family=%s sport=%hu dport=%hu saddr=%pI4 daddr=%pI4 newstate=%s", __print_symbolic(REC->family, { 2, "AF_INET" }, { 10, "AF_INET6" }), REC->sport, REC->dport, REC->saddr, REC->daddr, __print_symbolic(REC->newstate, { 1, "TCP_ESTABLISHED" }, { 2, "TCP_SYN_SENT" })',
  },
} as const satisfies Record<string, WrittenEvent>

export const ALL_EVENTS: readonly WrittenEvent[] = Object.values(EVENTS)

interface Placed {
  readonly declaration: string
  readonly offset: number
  readonly size: number
  readonly isSigned: boolean
}

function place({ fields }: WrittenEvent): { readonly placed: readonly Placed[]; readonly end: number } {
  let at = 8
  const placed = fields.map(([declaration, size, isSigned]) => {
    const align = /\[/.test(declaration) && size > 4 ? 1 : Math.min(size, 8)
    at += (align - (at % align)) % align
    at += size
    return { declaration, offset: at - size, size, isSigned }
  })
  return { placed, end: at }
}

export function formatText(event: WrittenEvent): string {
  const lines = place(event).placed.map(
    ({ declaration, offset, size, isSigned }) =>
      `\tfield:${declaration};\toffset:${offset};\tsize:${size};\tsigned:${isSigned ? 1 : 0};`,
  )
  const head = [`name: ${event.name}`, `ID: ${event.id}`, "format:"]
  return `${[...head, ...COMMON, ...lines, "", `print fmt: ${event.print}`].join("\n")}\n`
}

export type FieldValue = number | bigint | string | Buffer

/** The raw data of a sample; values in the order of the fields. */
export function rawData(
  event: WrittenEvent,
  tid: number,
  values: readonly FieldValue[],
  isBigEndian: boolean,
): Buffer {
  const { placed, end } = place(event)
  const data = Buffer.alloc(end)
  const put = (value: number | bigint, offset: number, size: number) =>
    new ByteWriter(isBigEndian).integer(value, size).bytes.copy(data, offset)
  put(event.id, 0, 2)
  put(tid, 4, 4)
  const tails: Buffer[] = []
  let tailAt = end
  for (const [at, { declaration, offset, size }] of placed.entries()) {
    const value = values[at] ?? 0
    if (typeof value === "number" || typeof value === "bigint") put(value, offset, size)
    else if (declaration.startsWith("__data_loc")) {
      const text = Buffer.concat([Buffer.from(value), Buffer.alloc(1)])
      put(text.length * 0x10000 + tailAt, offset, size)
      tails.push(text)
      tailAt += text.length
    } else Buffer.from(value).copy(data, offset, 0, size)
  }
  return Buffer.concat([data, ...tails])
}

function nameOf(declaration: string): string {
  return /(\w+)(?:\[.*)?$/.exec(declaration)?.[1] ?? ""
}

/** Of the kernel's own buffer; perf reads no recording without it. */
const HEADER_PAGE = Buffer.from(
  [
    "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;",
    "\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;",
    "\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;",
    "\tfield: char data;\toffset:16;\tsize:4080;\tsigned:1;\n",
  ].join("\n"),
)

/** What perf copies out of tracefs. */
export function tracingData(events: readonly WrittenEvent[], isBigEndian: boolean): Buffer {
  const out = new ByteWriter(isBigEndian)
  out
    .raw(Buffer.from([0x17, 0x08, 0x44]))
    .raw(Buffer.from("tracing"))
    .text("0.6")
  out
    .integer(isBigEndian ? 1 : 0, 1)
    .integer(8, 1)
    .u32(4096)
  out.text("header_page").u64(HEADER_PAGE.length).raw(HEADER_PAGE).text("header_event").u64(0).u32(0)
  const systems = [...new Set(events.map(({ system }) => system))]
  out.u32(systems.length)
  for (const system of systems) {
    const own = events.filter((event) => event.system === system)
    out.text(system).u32(own.length)
    for (const event of own) {
      const text = Buffer.from(formatText(event))
      out.u64(text.length).raw(text)
    }
  }
  return out.u32(0).u32(0).u64(0).bytes
}
