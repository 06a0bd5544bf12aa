/** One small story that every form of a recording can tell: a shell starts two programs, one of which connects. */
import { EVENTS } from "./formats.ts"
import { type RecordingOptions, RecordingWriter } from "./recording.ts"

export const EPOCH_NS = 1_790_000_000_000_000_000n
const SECOND = 1_000_000_000
const START = 5 * SECOND
const SHELL = 100
const CGROUP_ID = 77

const comm16 = (text: string) => Buffer.concat([Buffer.from(text), Buffer.alloc(16)]).subarray(0, 16)
const address = (last: number) => Buffer.from([192, 0, 2, last])

/** @param names of the program and its file, which may be hostile */
export function writeSession(
  options: RecordingOptions = {},
  program: { readonly comm: string | Buffer; readonly path: string | Buffer } = {
    comm: "fetch",
    path: "/srv/demo/fetch",
  },
): RecordingWriter {
  const out = new RecordingWriter({ epochNs: EPOCH_NS, ...options })
  if (options.hasCgroups === true) out.cgroup({ pid: SHELL, ns: 0 }, CGROUP_ID, "/system.slice/demo.service")
  out.comm({ pid: SHELL, ns: 0 }, "sh")
  startProgram(out, 101, START, "ls", "/usr/bin/ls")
  out.sample(EVENTS.exit, { pid: 101, ns: START + 900_000 }, [comm16("ls"), 101, 120, 1], CGROUP_ID)
  out.exit({ pid: 101, ns: START + 950_000 }, SHELL)
  out.finishedRound()
  startProgram(out, 102, START + SECOND, program.comm, program.path)
  connect(out, 102, START + SECOND + 2_000_000)
  out.sample(EVENTS.exit, { pid: 102, ns: START + 2 * SECOND }, [comm16("fetch"), 102, 120, 1], CGROUP_ID)
  out.exit({ pid: 102, ns: START + 2 * SECOND + 1000 }, SHELL)
  return out.finishedRound()
}

/** Records of the new process come from another CPU, before those that are older. */
function startProgram(
  out: RecordingWriter,
  pid: number,
  ns: number,
  comm: string | Buffer,
  path: string | Buffer,
): void {
  const there = (offset: number) => ({ pid, cpu: 1, ns: ns + offset })
  const here = (offset: number) => ({ pid: SHELL, cpu: 0, ns: ns + offset })
  out.sample(EVENTS.enterExecve, there(200_000), [59, 0x7f00_1000, 0x7f00_2000, 0x7ffc_0000_0000], CGROUP_ID)
  out.comm(there(300_000), comm, true)
  out.mapping(there(310_000), typeof path === "string" ? path : path.toString("latin1"))
  out.sample(EVENTS.exec, there(400_000), [path, pid, pid], CGROUP_ID)
  out.sample(EVENTS.exitExecve, there(410_000), [59, 0], CGROUP_ID)
  out.fork({ ...there(100_000), cpu: 0 }, SHELL)
  out.sample(EVENTS.fork, here(110_000), ["sh", SHELL, "sh", pid], CGROUP_ID)
}

function connect(out: RecordingWriter, pid: number, ns: number): void {
  const at = (offset: number) => ({ pid, cpu: 1, ns: ns + offset })
  out.sample(EVENTS.enterSocket, at(0), [41, 2, 1, 6], CGROUP_ID)
  out.sample(EVENTS.exitSocket, at(1000), [41, 3], CGROUP_ID)
  out.sample(EVENTS.enterConnect, at(2000), [42, 3, 0x7ffc_0000_1000, 16], CGROUP_ID)
  const none = Buffer.alloc(16)
  const ends = [40_000, 443, 2, 6, address(10), address(20), none, none]
  out.sample(EVENTS.socketState, at(3000), [0xffff_8880_1234_5678n, 7, 2, ...ends], CGROUP_ID)
  out.sample(EVENTS.exitConnect, at(4000), [42, -115], CGROUP_ID)
}
