import { describe, expect, it } from "vitest"
import { GrowingBytes } from "../../../../../src/base/growing-bytes.ts"
import { parsePrintFormat } from "../../../../../src/formats/perf/print/expression.ts"
import { createPrinter } from "../../../../../src/formats/perf/print/printer.ts"
import { FieldNames, KIND, PerfSample } from "../../../../../src/formats/perf/sample.ts"

const NAMES = new FieldNames(["ret", "flags", "comm", "args", "addr", "mac"])

/** ret -2, flags 0x8000000000000005, comm "sh", args [7, 2^63], addr 192.0.2.1, mac of six bytes. */
function sample(): PerfSample {
  const it = new PerfSample()
  it.begin(KIND.sample, 0, 0)
  const args = Buffer.alloc(16)
  args.writeBigUInt64LE(7n, 0)
  args.writeBigUInt64LE(1n << 63n, 8)
  it.bytes = Buffer.concat([
    Buffer.from("sh\0x"),
    args,
    Buffer.from([192, 0, 2, 1, 2, 0, 0, 0xab, 0xcd, 0xef]),
  ])
  it.beginFields(NAMES)
  it.addInt(-2, -1)
  it.addUnsigned(5, 0x8000_0000 | 0)
  it.addText(0, 2)
  it.addBytes(4, 20, 8)
  it.addBytes(20, 24, 1)
  it.addBytes(24, 30, 1)
  return it
}

function print(format: string, longBytes = 8): string {
  const out = new GrowingBytes(16)
  const styles = NAMES.names.map(() => ({ isPointer: false, isLong: false }))
  createPrinter(format, NAMES, styles, { longBytes })(sample(), out)
  return out.bytes.latin1Slice(0, out.used)
}

describe("print formats", () => {
  it.each([
    ['"%d %lx %llu", REC->ret, REC->ret, REC->flags', "-2 fffffffffffffffe 9223372036854775813"],
    ['"[%5d|%-5d|%05d|%+d|%#x]", REC->ret, REC->ret, REC->ret, 3, 255', "[   -2|-2   |-0002|+3|0xff]"],
    ['"%s %.1s %4s|%-4s|", REC->comm, __get_str(comm), REC->comm, "a"', "sh s   sh|a   |"],
    ['"%lu %lx", REC->args[0], REC->args[1]', "7 8000000000000000"],
    ['"%pI4 %pM %s", REC->addr, REC->mac, __print_hex(REC->mac, 2)', "192.0.2.1 02:00:00:ab:cd:ef 02 00"],
    ['"%s", __print_symbolic(REC->args[0], { 7, "SEVEN" }, { 8, "EIGHT" })', "SEVEN"],
    ['"%s", __print_symbolic(REC->ret, { 1, "ONE" })', "0xfffffffffffffffe"],
    ['"%s", __print_flags(REC->args[0], "|", { 1, "A" }, { 1 << 1, "B" })', "A|B|0x4"],
    ['"%s", __print_flags(0, "|", { 0, "NONE" }, { 1, "A" })', "NONE"],
    ['"%s %d", REC->ret < 0 ? "bad" : "good", (REC->args[0] & 3) * 2 + 1', "bad 7"],
    ['"%u %d %hd", (unsigned int)REC->ret, (char)300, 65535', "4294967294 44 -1"],
    ['"a" "b%%%c", 0x41', "ab%A"],
    ['"%*d|%.*s", 4, 7, 1, REC->comm', "   7|s"],
    ['"%d", 1 == 1 && !0', "1"],
  ])("%s", (format, expected) => {
    expect(print(format)).toBe(expected)
  })

  it("cut a long to the machine's own", () => {
    expect(print('"%lx", (unsigned long)(REC->ret)', 4)).toBe("fffffffe")
  })

  it.each(['"%s", unknown_function(REC->ret)', '"%d", REC->nothing', '"%d', "", '"%d", {', '"%d"'])(
    "that cannot be followed list the fields: %s",
    (format) => {
      expect(print(format)).toBe(
        "[FAILED TO PARSE] ret=-2 flags=9223372036854775813 comm=sh args=ARRAY[07, 8000000000000000] addr=ARRAY[c0, 00, 02, 01] mac=ARRAY[02, 00, 00, ab, cd, ef]",
      )
    },
  )

  it("end with what is nested too deep", () => {
    expect(parsePrintFormat(`"%d", ${"(".repeat(100_000)}1`)).toBeNull()
    expect(parsePrintFormat(`"%d", ${"-".repeat(5000)}1`)).toBeNull()
  })
})
