import { describe, expect, it } from "vitest"
import {
  EVENT,
  EventNames,
  enterEvent,
  exitEvent,
  KNOWN_EVENTS,
  NO_EVENT,
} from "../../../../src/formats/perf/events.ts"
import { CLOCK, FieldNames, KIND, PerfSample } from "../../../../src/formats/perf/sample.ts"

describe("EventNames", () => {
  it("gives known events the same number in every recording, and others the next ones", () => {
    const names = new EventNames()
    expect(names.numberOf("kmem:kmalloc")).toBe(KNOWN_EVENTS.length)
    expect(names.numberOf("irq:irq_handler_entry")).toBe(KNOWN_EVENTS.length + 1)
    expect(names.numberOf("kmem:kmalloc")).toBe(KNOWN_EVENTS.length)
    expect(names.numberOf("sched:sched_process_exec")).toBe(EVENT.exec)
    expect(names.numberOf("raw_syscalls:sys_exit")).toBe(EVENT.rawExit)
    expect(names.nameOf(enterEvent("connect"))).toBe("syscalls:sys_enter_connect")
    expect(names.nameOf(exitEvent("connect"))).toBe("syscalls:sys_exit_connect")
    expect(enterEvent("getpid")).toBe(NO_EVENT)
    expect(names.nameOf(NO_EVENT)).toBe("")
  })
})

describe("PerfSample", () => {
  it("keeps integers, texts and arrays by the place of their names", () => {
    const sample = new PerfSample()
    sample.begin(KIND.sample, 16, 48)
    sample.beginFields(new FieldNames(["ret", "comm", "saddr", "missing"]))
    sample.addInt(-2, -1)
    sample.addText(3, 7)
    sample.addBytes(8, 12, 4)
    expect(sample.fieldCount).toBe(3)
    expect([sample.low(0), sample.high(0), sample.isText(0)]).toEqual([-2, -1, false])
    expect([sample.from(1), sample.to(1), sample.isText(1)]).toEqual([3, 7, true])
    expect([sample.from(2), sample.to(2), sample.elementBytes(2)]).toEqual([8, 12, 4])
    expect(sample.find("saddr")).toBe(2)
    expect(sample.find("missing")).toBe(-1)
    expect(sample.find("path")).toBe(-1)
    expect(sample.fieldName(1)).toBe("comm")
  })

  it("holds more fields than it has room for at first", () => {
    const sample = new PerfSample()
    const names = Array.from({ length: 100 }, (_, place) => `f${place}`)
    sample.beginFields(new FieldNames(names))
    for (const place of names.keys()) sample.addInt(place, 0)
    expect(sample.low(99)).toBe(99)
  })

  it("forgets the record before it", () => {
    const sample = new PerfSample()
    sample.pid = 7
    sample.cgroup = "/user.slice"
    sample.clock = CLOCK.unix
    sample.begin(KIND.comm, 0, 8)
    expect([sample.pid, sample.cgroup, sample.clock, sample.fieldCount]).toEqual([
      Number.NaN,
      "",
      CLOCK.none,
      0,
    ])
  })
})
