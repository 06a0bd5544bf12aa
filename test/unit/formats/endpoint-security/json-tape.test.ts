/** The tape against JSON.parse: what one takes the other takes, and nothing else. */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { GrowingBytes } from "../../../../src/base/growing-bytes.ts"
import { JSON_KIND, JsonTape } from "../../../../src/formats/endpoint-security/json/json-tape.ts"
import { appendUnescaped } from "../../../../src/formats/endpoint-security/json/json-text.ts"
import { findKey, KEY, KEY_COUNT, keyName } from "../../../../src/formats/endpoint-security/json/keys.ts"
import { stringOf } from "../../../../src/formats/endpoint-security/json/node-values.ts"

function parse(text: string, isLenient = false): { tape: JsonTape; result: string } {
  const bytes = Buffer.from(`${text}\0`)
  const tape = new JsonTape()
  tape.isLenient = isLenient
  return { tape, result: tape.parse(bytes, 0, bytes.length - 1) }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const SAMPLE =
  '{"event":{"exec":{"args":["a\\u00fc",{"x":[1,-2.5e+3,true]}],"stat":{"a":null}}},"pid":12345678901234567890}'

describe("the tape", () => {
  it("takes every JSON value to its end", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.integer({ min: 0, max: 2 }), (value, indent) => {
        const text = JSON.stringify({ event: value, zzz: value }, null, indent)
        const { tape, result } = parse(text)
        expect(result).toBe("end")
        expect(tape.at).toBe(Buffer.byteLength(text))
      }),
    )
  })

  it("wants more of every beginning", () => {
    for (let end = 1; end < SAMPLE.length; end++) expect(parse(SAMPLE.slice(0, end)).result).toBe("more")
    expect(parse(SAMPLE).result).toBe("end")
  })

  it("agrees with JSON.parse on damaged text", () => {
    fc.assert(
      fc.property(
        fc.nat(SAMPLE.length - 1),
        fc.nat(4),
        fc.constantFrom("", '"', "\\", "{", "]", ",", ":", "0", "-", "e", "\n", "\u0001", "x", "\\x"),
        (at, cut, inserted) => {
          const text = SAMPLE.slice(0, at) + inserted + SAMPLE.slice(at + cut)
          const { tape, result } = parse(text)
          const isWhole = result === "end" && tape.at === Buffer.byteLength(text)
          if (text.startsWith("{")) expect([text, isWhole]).toEqual([text, isJson(text)])
        },
      ),
      { numRuns: 2000 },
    )
  })

  it.each([
    '{"a":01}',
    '{"a":1.}',
    '{"a":+1}',
    '{"a":.5}',
    '{"a":tru}',
    '{"a":}',
    '{"a" 1}',
    '{"a":1,}',
    "{,}",
    '{"a":"\t"}',
    '{"a":"\\x"}',
    '{"a":"\\u12g4"}',
    '{"a":[1 2]}',
    "{a:1}",
    '{"stat":{"a":01}}',
  ])("refuses %s", (text) => {
    expect(parse(text).result).toBe("damaged")
  })

  it("takes hand-made text when told to, and says so", () => {
    const { tape, result } = parse('{"path":"C:\\dir\\new\tx"}', true)
    expect([result, tape.wasLenient]).toEqual(["end", true])
    expect(stringOf(tape, tape.find(0, KEY.path))).toBe("C:\\dir\new\tx")
    expect(parse(SAMPLE, true).tape.wasLenient).toBe(false)
  })

  it("ends at its depth, and at its number of values", () => {
    const deep = (levels: number) => `{"event":${"[".repeat(levels)}${"]".repeat(levels)}}`
    expect(parse(deep(60)).result).toBe("end")
    expect(parse(deep(100)).result).toBe("damaged")
    expect(parse(`{"zzz":${"[".repeat(100)}${"]".repeat(100)}}`).result).toBe("damaged")
    expect(parse(`{"event":[${"1,".repeat(1_000_001)}1]}`).result).toBe("damaged")
  })

  it("finds the last of two members with one name", () => {
    const { tape } = parse('{"pid":1,"other":{"pid":2},"pid":3}')
    const node = tape.find(0, KEY.pid)
    expect(tape.bytes.toString("latin1", tape.start(node), tape.end(node))).toBe("3")
    expect(tape.kind(node)).toBe(JSON_KIND.number)
  })
})

describe("names", () => {
  it("are found, each as itself", () => {
    for (let key = 0; key < KEY_COUNT; key++) {
      const name = Buffer.from(keyName(key))
      expect([keyName(key), findKey(name, 0, name.length)]).toEqual([keyName(key), key])
    }
    for (const name of ["", "pids", "Pid", "exit codes", "x".repeat(500)]) {
      expect(findKey(Buffer.from(name), 0, name.length)).toBe(-1)
    }
  })
})

describe("escapes", () => {
  const read = (json: string): Buffer => {
    const out = new GrowingBytes(4)
    const bytes = Buffer.from(json)
    appendUnescaped(bytes, 1, bytes.length - 1, out)
    return Buffer.from(out.bytes.subarray(0, out.used))
  }

  it("stand for what JSON.parse says", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(read(JSON.stringify(text)).toString()).toBe(text)
        const escaped = [...text].map((character) =>
          [...Array(character.length).keys()]
            .map((unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, "0")}`)
            .join(""),
        )
        expect(read(`"${escaped.join("")}"`).toString()).toBe(text)
      }),
    )
  })

  it("of half a pair stand for U+FFFD", () => {
    expect(read('"a\\ud83db\\ude00\\ud83d"').toString()).toBe("a\ufffdb\ufffd\ufffd")
    expect(read('"\\/\\b\\f\\n\\r\\t\\"\\\\"').toString()).toBe('/\b\f\n\r\t"\\')
  })
})
