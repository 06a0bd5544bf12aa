import { describe, expect, it } from "vitest"
import { AuditEvent } from "../../../../src/formats/linux-audit/event.ts"
import { ArgvReader } from "../../../../src/formats/linux-audit/execve.ts"
import { ByteArena } from "../../../../src/formats/linux-audit/value.ts"

function read(...bodies: string[]) {
  const event = new AuditEvent()
  for (const body of bodies) {
    const buffer = Buffer.from(body)
    const record = {
      node: "",
      sec: 1,
      nsec: 0,
      serial: 1,
      hasSerial: true,
      type: 1309,
      typeName: "",
      buffer,
      start: 0,
      end: buffer.length,
      offset: 0,
      length: buffer.length,
    }
    if (event.count === 0) event.begin(record, 1, 0)
    event.add(record)
  }
  const argv = new ArgvReader(new ByteArena())
  const count = argv.read(event)
  const json = argv.json()
  return {
    count,
    argv: count === 0 ? [] : JSON.parse(json.bytes.toString("utf8", 0, json.length)),
    fault: argv.fault,
  }
}

describe("the arguments of an exec", () => {
  it.each<[string, string[], string[], string]>([
    ["whole", ['argc=3 a0="sh" a1=2D6320 a2=""'], ["sh", "-c ", ""], ""],
    ["without argc, as Linux 2.6.18 writes them", ['a0="sh" a1="-c"'], ["sh", "-c"], ""],
    ["fragments", ["argc=1 a0_len=8 a0[0]=4142", " a0[1]=4344"], ["ABCD"], ""],
    ["quoted fragments", ['argc=1 a0_len=4 a0[0]="ab"', ' a0[1]="cd"'], ["abcd"], ""],
    ["out of order", ['a1="b"', 'argc=2 a0="a"'], ["a", "b"], ""],
    ["a fragment lost", ["argc=1 a0_len=12 a0[0]=4142", " a0[2]=4546"], ["ABEF"], "a0[1] is missing"],
    ["the first fragment lost", [" a0[1]=4546", 'a1="x" argc=2'], ["EF", "x"], "a0[0] is missing"],
    [
      "the last fragment lost",
      ["argc=1 a0_len=8 a0[0]=4142"],
      ["AB"],
      "a0_len is 8, but 4 characters are recorded",
    ],
    [
      "a record twice",
      ['argc=2 a0="a" a1="b"', 'argc=2 a0="a" a1="b"'],
      ["a", "b"],
      "a0 is recorded twice; the first is used",
    ],
    ["argc too large", ['argc=3 a0="a"'], ["a"], "argc is 3, but 1 arguments are recorded"],
    ["argc no number", ['argc=x a0="a"'], ["a"], "argc is no number"],
    ["neither quoted nor hex", ["argc=1 a0=6G"], ["6G"], "a0 is neither quoted nor upper-case hex"],
    ["odd hex", ["argc=1 a0=616"], ["a"], "a0 has an odd number of hex digits"],
    ["an open quote", ['argc=1 a0="ab'], ["ab"], "the quote of a0 has no end"],
  ])("%s", (_, bodies, argv, fault) => {
    expect(read(...bodies)).toEqual({ count: argv.length, argv, fault })
  })
})
