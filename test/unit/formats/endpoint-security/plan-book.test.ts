/** Which messages follow a plan: those that differ in values only. */
import { describe, expect, it } from "vitest"
import { JsonTape } from "../../../../src/formats/endpoint-security/json/json-tape.ts"
import { EsMessage } from "../../../../src/formats/endpoint-security/message.ts"
import { PlanBook } from "../../../../src/formats/endpoint-security/plan/plan-book.ts"
import { ShapeReader } from "../../../../src/formats/endpoint-security/shapes/shape-reader.ts"
import { PROCESS, PROCESS_TEXT } from "../../../../src/formats/endpoint-security/slots.ts"
import { toJson } from "../../../es-writer/message.ts"
import { session } from "../../../es-writer/session.ts"

const LINES = session(9).map((one) => toJson(one))
const [, , OPEN = ""] = LINES

function learn(book: PlanBook, line: string): void {
  const bytes = Buffer.from(`${line}\0`)
  const [tape, message] = [new JsonTape(), new EsMessage()]
  expect(tape.parse(bytes, 0, bytes.length - 1)).toBe("end")
  message.clear()
  new ShapeReader().read(tape, "eslogger", message)
  book.learn(tape, "eslogger", message, 0, bytes.length - 1)
}

/** Where a line stands that other bytes surround; -1 when it follows no plan. */
function follow(book: PlanBook, line: string): number {
  const bytes = Buffer.from(`\n${line}\n{\0`)
  const behind = book.follow(bytes, 1, bytes.length - 1)
  return behind < 0 ? -1 : behind - 1
}

describe("a plan", () => {
  it("is followed by messages of every kind of a session, whatever their order", () => {
    const book = new PlanBook()
    for (let round = 0; round < 2; round++) {
      for (const line of LINES) if (follow(book, line) < 0) learn(book, line)
      for (const line of LINES.toReversed()) if (follow(book, line) < 0) learn(book, line)
    }
    for (const line of [...LINES, ...LINES.toReversed()]) expect(follow(book, line)).toBe(line.length)
  })

  it("gives a message with the values that differ, of any length", () => {
    const book = new PlanBook()
    learn(book, OPEN)
    const other = OPEN.replaceAll('"pid":1000', '"pid":123456').replaceAll(
      "\\/bin\\/ls",
      "\\/opt\\/a longer path",
    )
    expect(follow(book, other)).toBe(other.length)
    expect(book.plan?.message.value(PROCESS.pid)).toBe(123_456)
    expect(book.plan?.message.text(PROCESS_TEXT.path)).toBe("/opt/a longer path")
    expect(follow(book, OPEN)).toBe(OPEN.length)
    expect(book.plan?.message.value(PROCESS.pid)).toBe(1000)
  })

  it.each([
    ["another name", OPEN.replace('"euid"', '"uuid"')],
    ["a value that is no JSON", OPEN.replace('"pid":1000', '"pid":01000')],
    ["a number with a fraction", OPEN.replace('"pid":1000', '"pid":1.5')],
    ["a text for a number", OPEN.replace('"pid":1000', '"pid":"1000"')],
    ["another event", OPEN.replace('"event_type":10', '"event_type":11')],
    ["an end that is cut off", OPEN.slice(0, -1)],
    ["a member more", OPEN.replace('"ppid"', '"x":1,"ppid"')],
  ])("is not followed by %s", (_, line) => {
    expect(line).not.toBe(OPEN)
    const book = new PlanBook()
    learn(book, OPEN)
    expect(follow(book, line)).toBe(-1)
  })
})
