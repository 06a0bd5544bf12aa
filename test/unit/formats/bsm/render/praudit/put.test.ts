/** Numbers, addresses, times and strings, against JavaScript's own and the project's other printers. */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { GrowingBytes } from "../../../../../../src/base/growing-bytes.ts"
import { formatIpv4, formatIpv6 } from "../../../../../../src/base/ip-text.ts"
import {
  putHex,
  putHexBytes,
  putOctal,
  putSigned32,
  putSigned64,
  putUnsigned,
  putUnsigned64,
} from "../../../../../../src/formats/bsm/render/praudit/put-numbers.ts"
import {
  putText,
  putVisible,
  type TextForm,
} from "../../../../../../src/formats/bsm/render/praudit/put-text.ts"
import { CalendarTime } from "../../../../../../src/formats/bsm/render/praudit/put-time.ts"
import { putIp4, putIp6 } from "../../../../../../src/formats/bsm/render/put-address.ts"

function written(write: (out: GrowingBytes) => void): string {
  const out = new GrowingBytes(0)
  write(out)
  return out.bytes.toString("latin1", 0, out.used)
}

const halves = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const high = (value: bigint) => Number(value >> 32n)
const low = (value: bigint) => Number(value & 0xffff_ffffn)
const uint32 = fc.oneof(fc.integer({ min: 0, max: 0xffff_ffff }), fc.constantFrom(0, 1, 7, 8, 0x8000_0000))
const sixteen = fc.uint8Array({ minLength: 16, maxLength: 16 })
const mostlyZero = fc.array(fc.constantFrom(0, 0, 0, 1, 255), { minLength: 16, maxLength: 16 })

describe("numbers", () => {
  it("are those of JavaScript", () => {
    fc.assert(
      fc.property(halves, uint32, (value, small) => {
        expect(written((out) => putUnsigned64(out, high(value), low(value)))).toBe(String(value))
        expect(written((out) => putSigned64(out, high(value), low(value)))).toBe(
          String(BigInt.asIntN(64, value)),
        )
        expect(written((out) => putHex(out, high(value), low(value)))).toBe(value.toString(16))
        expect(written((out) => putOctal(out, high(value), low(value)))).toBe(value.toString(8))
        expect(written((out) => putUnsigned(out, small))).toBe(String(small))
        expect(written((out) => putSigned32(out, small))).toBe(String(small | 0))
        expect(written((out) => putHex(out, 0, small))).toBe(small.toString(16))
        expect(written((out) => putOctal(out, 0, small))).toBe(small.toString(8))
      }),
    )
  })

  it.each([0n, 2n ** 63n, 2n ** 64n - 1n, 2n ** 32n, 2n ** 53n])("%s", (value) => {
    expect(written((out) => putUnsigned64(out, high(value), low(value)))).toBe(String(value))
    expect(written((out) => putSigned64(out, high(value), low(value)))).toBe(String(BigInt.asIntN(64, value)))
  })

  it("print bytes in two digits each", () => {
    expect(written((out) => putHexBytes(out, Buffer.from([9, 0, 255]), 0, 3))).toBe("0900ff")
  })
})

describe("addresses", () => {
  it("are those of the rows", () => {
    fc.assert(
      fc.property(fc.oneof(sixteen, mostlyZero), (values) => {
        const bytes = Buffer.from(values)
        expect(written((out) => putIp6(out, bytes, 0))).toBe(formatIpv6(bytes, 0))
        expect(written((out) => putIp4(out, bytes, 3))).toBe(formatIpv4(bytes, 3))
      }),
    )
  })

  it.each([
    ["00000000000000000000000000000000", "::"],
    ["00000000000000000000000000000001", "::1"],
    ["20010db8000000000000000000000000", "2001:db8::"],
    ["20010db8000000010000000000000001", "2001:db8:0:1::1"],
    ["00000000000000000000ffffc0000201", "::ffff:192.0.2.1"],
    ["000000000000000000000000c0000201", "::192.0.2.1"],
  ])("%s is %s", (hex, text) => {
    expect(written((out) => putIp6(out, Buffer.from(hex, "hex"), 0))).toBe(text)
  })
})

describe("times", () => {
  it.each([
    [0, "Thu Jan  1 00:00:00 1970"],
    [1_700_000_000, "Tue Nov 14 22:13:20 2023"],
    [4_294_967_295 + 87_000, "Mon Feb  8 06:38:15 2106"],
    [2 ** 53, String(2 ** 53)],
  ])("%d is %s", (second, text) => {
    const time = new CalendarTime()
    expect(written((out) => time.put(out, second))).toBe(text)
    expect(written((out) => time.put(out, second))).toBe(text)
  })
})

describe("strings", () => {
  const text = (value: string | Buffer, form: TextForm) => {
    const bytes = Buffer.from(value as string)
    return Buffer.from(
      written((out) => putText(out, bytes, 0, bytes.length, form)),
      "latin1",
    ).toString()
  }
  const sample = "a<&>\"'\u00e9\n\t\r\x1b\0]]>"

  it("are the record's bytes in plain text, but for NUL", () => {
    expect(text(sample, "plain")).toBe(sample.replace("\0", ""))
    expect(text(Buffer.from([0xff]), "plain")).toBe("\ufffd")
  })

  it("escape in XML what would not be read back", () => {
    expect(text(sample, "content")).toBe("a&lt;&amp;>\"'\u00e9\n\t&#13;\\x1B]]&gt;")
    expect(text(sample, "attribute")).toBe("a&lt;&amp;>&quot;'\u00e9&#10;&#9;&#13;\\x1B]]&gt;")
    expect(text(Buffer.from([0x61, 0xff, 0xef, 0xbf, 0xbf]), "content")).toBe("a\\xFF\\xEF\\xBF\\xBF")
  })

  it("move no terminal", () => {
    expect(text("a\x1b[2J\n\u202eb\u009bc", "terminal")).toBe("a\\x1b[2J\\n\\u{202e}b\\x9bc")
  })

  it("are encoded in arguments as vis(3) does", () => {
    const bytes = Buffer.from("\\ a\n\t\x07\x1f\x7f\u00e9\u00a0<\u00bc'", "utf8")
    expect(written((out) => putVisible(out, bytes, 0, bytes.length))).toBe(
      "\\\\ a\n\t\\a\\^_\\^?\\M-C\\M-)\\M-B\\240&lt;\\M-B\\M-&lt;&apos;",
    )
  })
})
