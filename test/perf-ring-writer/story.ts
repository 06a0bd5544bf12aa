/** One story for several rings: a shell runs a program, which connects and ends. */
import { FLAG, TYPE } from "../../src/formats/perf-ring/capture-record.ts"
import { ends, ipv4, type Made, makeRecord, texts, unixAddress } from "./record.ts"

const SHELL = 400
const CHILD = 401
const CONNECT = 42
const EXECVE = 59

/** Without CPU, parent and ends: as the records of the saved rings are. */
export const PLAIN: readonly Made[] = [
  { type: TYPE.fork, ms: 1001, pid: SHELL, number: 0, a0: SHELL, a1: CHILD },
  {
    type: TYPE.execEnter,
    ms: 1002,
    pid: CHILD,
    number: 1,
    call: EXECVE,
    a0: -100,
    a2: 3,
    data: texts("/srv/demo/fetch", "fetch", "a b", ""),
  },
  {
    type: TYPE.exec,
    ms: 1002.5,
    pid: CHILD,
    number: 2,
    a0: CHILD,
    a1: SHELL,
    a2: 1000,
    comm: "fetch",
    data: texts("/srv/demo/fetch", "fetch", "a b", ""),
  },
  { type: TYPE.execExit, ms: 1002.6, pid: CHILD, number: 3, call: EXECVE, comm: "fetch" },
  {
    type: TYPE.sockEnter,
    ms: 1003,
    pid: CHILD,
    number: 4,
    call: CONNECT,
    a0: 3,
    a2: 16,
    comm: "fetch",
    data: ipv4("192.0.2.7", 443),
  },
  { type: TYPE.sockExit, ms: 1003.25, pid: CHILD, number: 5, call: CONNECT, a0: -115, comm: "fetch" },
  { type: TYPE.exit, ms: 1004, pid: CHILD, number: 6, a0: CHILD, comm: "fetch" },
]

/** With all that a capture tells; on two CPUs. */
export const WIDE: readonly Made[] = [
  ...PLAIN.slice(0, 1).map((made) => ({ ...made, a2: CHILD, wide: { cpu: 0, parent: 1 } })),
  ...PLAIN.slice(1, 5).map((made) => ({ ...made, wide: { cpu: 0, parent: SHELL } })),
  {
    ...(PLAIN[5] as Made),
    a0: 0,
    a1: 3,
    flags: FLAG.ends,
    data: ends(2, 1, 6, ipv4("192.0.2.1", 40_000), ipv4("192.0.2.7", 443)),
    wide: { cpu: 0, parent: SHELL },
  },
  {
    type: TYPE.sockEnter,
    ms: 1003.5,
    pid: CHILD,
    number: 0,
    call: 49,
    a0: 4,
    comm: "fetch",
    data: unixAddress("@demo"),
    wide: { cpu: 1, parent: SHELL },
  },
  {
    type: TYPE.sockExit,
    ms: 1003.6,
    pid: CHILD,
    number: 1,
    call: 49,
    a1: 4,
    comm: "fetch",
    wide: { cpu: 1, parent: SHELL },
  },
  // A thread, which is no process, and its end.
  {
    type: TYPE.fork,
    ms: 1003.7,
    pid: CHILD,
    number: 2,
    a0: CHILD,
    a1: 402,
    a2: CHILD,
    wide: { cpu: 1, parent: SHELL },
  },
  { type: TYPE.exit, ms: 1003.8, pid: CHILD, tid: 402, number: 3, a0: 402, wide: { cpu: 1, parent: SHELL } },
  {
    ...(PLAIN[6] as Made),
    number: 4,
    a1: 0x300,
    a2: 1,
    wide: { cpu: 1, parent: SHELL },
  },
]

export function bytesOf(story: readonly Made[]): Buffer[] {
  return story.map(makeRecord)
}
