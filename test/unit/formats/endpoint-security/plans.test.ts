/**
 * Messages that follow a plan against the same ones read as a whole: each line alone in a parser of its own, and all in
 * one, with values, names and bytes changed in every way.
 */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { EsMessage } from "../../../../src/formats/endpoint-security/message.ts"
import { EsParser, type MessagePlace } from "../../../../src/formats/endpoint-security/parser.ts"
import { NUMBER_SLOTS, TEXT_SLOTS } from "../../../../src/formats/endpoint-security/slots.ts"
import type { TextList } from "../../../../src/formats/endpoint-security/text-list.ts"
import { toJson } from "../../../es-writer/message.ts"
import { session } from "../../../es-writer/session.ts"

const LINES = [1, 9, 10].flatMap((version) => session(version).map((one) => toJson(one)))
/** A member's value: a number, a string, a literal or a list without lists. */
const VALUES = /(?<=":)(?:-?\d[\d.]*|"(?:[^"\\]|\\.)*"|true|false|null|\[[^[\]{}]*\])/g
const NAMES = /"[a-z_]+"(?=:)/g

const value = fc.oneof(
  fc.nat().map(String),
  fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map(String),
  fc.string().map((text) => JSON.stringify(text)),
  fc.array(fc.string()).map((texts) => JSON.stringify(texts)),
  fc.constantFrom(
    "0",
    "-1",
    "1.5",
    "1e3",
    "01",
    "-",
    "null",
    "true",
    "false",
    '""',
    '"\\/a\\u0041\\ud83d\\ude00"',
  ),
  fc.constantFrom(
    '"7"',
    '"\\u0037"',
    '"A0ff"',
    '"a\\qb"',
    "[]",
    "{}",
    '[["a"],"b"]',
    '{"path":"/x"}',
    "[1,2]",
  ),
  fc.constantFrom(
    '"2025-09-15T08:00:00Z"',
    '"2025-09-15T08:00:00.5+02:00"',
    '"ES"',
    '"é\u{1f600}"',
    '"\u0001"',
  ),
)

interface Change {
  readonly what: "value" | "name" | "double" | "space" | "byte"
  readonly at: number
  readonly text: string
}

const change: fc.Arbitrary<Change> = fc.record({
  what: fc.constantFrom("value", "value", "value", "value", "name", "double", "space", "byte"),
  at: fc.nat(),
  text: value,
})

function replaceAt(line: string, pattern: RegExp, at: number, by: (found: string) => string): string {
  const places = [...line.matchAll(pattern)]
  const place = places[at % Math.max(1, places.length)]
  if (place === undefined) return line
  return line.slice(0, place.index) + by(place[0]) + line.slice(place.index + place[0].length)
}

function applyChange(line: string, { what, at, text }: Change): string {
  switch (what) {
    case "value":
      return replaceAt(line, VALUES, at, () => text)
    case "name":
      return replaceAt(line, NAMES, at, () => '"path"')
    case "double":
      return replaceAt(line, NAMES, at, (name) => `${name}:${text},${name}`)
    case "space":
      return replaceAt(line, NAMES, at, (name) => ` ${name} `)
    default:
      return (
        line.slice(0, at % line.length) +
        String.fromCharCode(33 + (at % 90)) +
        line.slice((at % line.length) + 1)
      )
  }
}

function textsOf(list: TextList): string[] | null {
  if (!list.isKnown) return null
  const texts: string[] = []
  for (let item = 0; item < list.count; item++) {
    texts.push(list.arena.bytes.latin1Slice(list.start(item), list.end(item)))
  }
  return texts
}

function describeMessage(
  message: EsMessage,
  { length, shape, isValid, bytes, start, end }: MessagePlace,
): object {
  const { source, kind, isDenied, isInProgress, isModified, sec, nsec, host, user, arena } = message
  const numbers = Array.from({ length: NUMBER_SLOTS }, (_, slot) =>
    message.has(slot) ? [message.high(slot), message.low(slot)] : null,
  )
  const texts = Array.from({ length: TEXT_SLOTS }, (_, slot) =>
    message.start(slot) < 0 ? null : arena.bytes.latin1Slice(message.start(slot), message.end(slot)),
  )
  const lists = { args: textsOf(message.args), env: textsOf(message.env) }
  const facts = { source, kind, isDenied, isInProgress, isModified, sec, nsec, host, user }
  const place = { length, shape, isValid, text: bytes.latin1Slice(start, end) }
  return { ...facts, ...lists, ...place, numbers, texts, faults: [...message.faults] }
}

/** Everything that a parser says of a stream, each as JSON. */
function read(text: string): string[] {
  const said: string[] = []
  const parser = new EsParser({
    message: (message, place) => said.push(JSON.stringify(describeMessage(message, place))),
    problem: ({ code, length, message, found }) =>
      said.push(JSON.stringify({ code, length, message, found })),
    foreign: () => said.push("foreign"),
  })
  parser.beginSource(1)
  parser.push(Buffer.from(text), 0)
  parser.endSource()
  return said
}

function expectSame(lines: readonly string[]): void {
  expect(read(lines.map((line) => `${line}\n`).join(""))).toEqual(lines.flatMap((line) => read(`${line}\n`)))
}

describe("a message that is like an earlier one", () => {
  it("is read as if it stood alone", () => {
    expectSame([...LINES, ...LINES, ...LINES.toReversed()])
  })

  it.each(LINES.map((line, index) => [index, line] as const))(
    "of line %i may differ in every value",
    (_, line) => {
      const count = [...line.matchAll(VALUES)].length
      const others = Array.from({ length: count }, (_value, at) => [
        replaceAt(line, VALUES, at, () => "17"),
        replaceAt(line, VALUES, at, () => "1"),
        replaceAt(line, VALUES, at, () => '"\\/other"'),
        replaceAt(line, VALUES, at, () => "null"),
        replaceAt(line, VALUES, at, (found) => (found === "true" ? "false" : "true")),
        replaceAt(line, VALUES, at, () => '["a","b\\n"]'),
        line,
      ])
      expectSame([line, line, ...others.flat()])
    },
  )

  it("is so whatever was changed", () => {
    const changed = fc.record({ line: fc.nat(LINES.length - 1), changes: fc.array(change, { maxLength: 3 }) })
    fc.assert(
      fc.property(fc.array(changed, { minLength: 2, maxLength: 40 }), (picked) => {
        const lines = picked.map(({ line, changes }) => changes.reduce(applyChange, LINES[line] ?? ""))
        // A cut line would take the next one with it, alone it would not.
        expectSame(lines.filter((line) => isObject(line)))
      }),
      { numRuns: 150 },
    )
  }, 120_000)
})

function isObject(line: string): boolean {
  try {
    JSON.parse(line)
    return true
  } catch {
    return false
  }
}
