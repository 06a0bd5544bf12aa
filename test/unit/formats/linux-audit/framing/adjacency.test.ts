import { describe, expect, it } from "vitest"
import { Adjacency } from "../../../../../src/formats/linux-audit/framing/adjacency.ts"

const [CONFIG_CHANGE, SYSCALL, EXECVE, CWD, PATH, PROCTITLE] = [1305, 1300, 1309, 1307, 1302, 1327]
const [USER_CMD, SECCOMP, URINGOP, EOE, AVC] = [1123, 1326, 1336, 1320, 1400]

function serials(types: readonly number[]): number[] {
  const adjacency = new Adjacency()
  return types.map((type) => adjacency.next(type, Number.NaN, 0, ""))
}

describe("records without serials", () => {
  it.each([
    ["an exec is one event", [SYSCALL, EXECVE, CWD, PATH, PATH, PROCTITLE, SYSCALL], [1, 1, 1, 1, 1, 1, 2]],
    ["what precedes SYSCALL belongs to it", [AVC, AVC, SYSCALL, PROCTITLE, AVC], [1, 1, 1, 1, 2]],
    ["a second SYSCALL begins another event", [SYSCALL, SYSCALL], [1, 2]],
    ["io_uring has SYSCALL and URINGOP", [SYSCALL, URINGOP, URINGOP], [1, 1, 2]],
    ["user records stand alone and interrupt nothing", [SYSCALL, USER_CMD, CWD, USER_CMD], [1, 2, 1, 3]],
    ["a prefix record after SYSCALL begins another event", [SYSCALL, CONFIG_CHANGE, SYSCALL], [1, 2, 2]],
    ["the order of the kernel cannot be turned", [SYSCALL, PATH, CWD, PATH, EXECVE], [1, 1, 2, 2, 3]],
    ["an event has one CWD", [SYSCALL, CWD, CWD], [1, 1, 2]],
    ["each SECCOMP is a process of its own", [SECCOMP, SECCOMP, SYSCALL], [1, 2, 2]],
    ["EOE ends an event", [SYSCALL, EOE, EOE], [1, 1, 2]],
    ["PROCTITLE alone is an event", [PROCTITLE, PROCTITLE], [1, 2]],
  ])("%s", (_what, types, expected) => {
    expect(serials(types)).toEqual(expected)
  })

  it("do not mix hosts or times", () => {
    const adjacency = new Adjacency()
    expect(adjacency.next(SYSCALL, 1, 0, "a")).toBe(1)
    expect(adjacency.next(CWD, 1, 0, "b")).toBe(2)
    expect(adjacency.next(PATH, 2, 0, "b")).toBe(3)
    expect(adjacency.next(PROCTITLE, 2, 1, "b")).toBe(4)
  })

  it("go on after a saved state", () => {
    const first = new Adjacency()
    first.next(SYSCALL, Number.NaN, 0, "a")
    const second = new Adjacency()
    second.restore(JSON.parse(JSON.stringify(first.save())))
    expect(second.next(CWD, Number.NaN, 0, "a")).toBe(1)
    expect(second.next(SYSCALL, Number.NaN, 0, "a")).toBe(2)
  })

  it.each([null, 1, "x", {}, { serial: "1" }, []])("ignore a state that is none: %j", (state) => {
    const adjacency = new Adjacency()
    adjacency.restore(state)
    expect(adjacency.next(SYSCALL, 1, 0, "")).toBe(1)
  })
})
