/** The parser of EndpointSecurity messages: finds the objects of a source, tells their shape, fills the message. */
import type { Problem } from "../../base/problem.ts"
import type { JsonTape } from "./json/json-tape.ts"
import { ValueStream } from "./json/value-stream.ts"
import { EsMessage } from "./message.ts"
import { PlanBook } from "./plan/plan-book.ts"
import { isSantaLine, readSantaLine } from "./shapes/santa-text.ts"
import { ShapeReader } from "./shapes/shape-reader.ts"
import { type ObjectShape, type Shape, tellShape } from "./shapes/tell-shape.ts"
import { isLogHeader } from "./shapes/unified-log.ts"
import { UnitWindow } from "./unit-window.ts"

/** Where a message stands. The bytes are used again after the call. */
export interface MessagePlace {
  /** In the uncompressed source. */
  readonly offset: number
  readonly length: number
  readonly shape: Shape
  /** The whole object. */
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
  /** The object is JSON as it stands. */
  readonly isValid: boolean
}

export interface MessageConsumer {
  /** The message is used again for the next one. */
  message(message: EsMessage, place: MessagePlace, sourceId: number): void
  problem(problem: Problem, sourceId: number): void
  /** An object or line that is no message and is none of our business. */
  foreign(): void
}

export class EsParser {
  /** Objects and damaged stretches met. */
  records = 0
  readonly #consumer: MessageConsumer
  readonly #window = new UnitWindow()
  readonly #stream: ValueStream
  readonly #message = new EsMessage()
  readonly #reader = new ShapeReader()
  readonly #plans = new PlanBook()
  #sourceId = 0
  #isBegun = false
  #shape: ObjectShape | null = null

  constructor(consumer: MessageConsumer) {
    this.#consumer = consumer
    this.#stream = new ValueStream({
      takesLike: (bytes, start, end, offset) => this.#takeLike(bytes, start, end, offset),
      recognises: (tape) => {
        this.#shape = tellShape(tape)
        return this.#shape !== null
      },
      value: (tape, start, end, offset, isKnown) => this.#value(tape, start, end, offset, isKnown),
      lost: (problem) => this.#lose(problem),
      knowsLine: (bytes, start, end) => isSantaLine(bytes, start, end) || isLogHeader(bytes, start, end),
      line: (bytes, start, end, offset) => this.#line(bytes, start, end, offset),
    })
  }

  /** Where reading would have to go on. */
  get consumedTo(): number {
    return this.#isBegun ? this.#stream.consumedTo : 0
  }

  beginSource(sourceId: number): void {
    this.#sourceId = sourceId
    this.#isBegun = false
  }

  /** @param offset of `bytes[0]` in the uncompressed source; the bytes are used again after the call */
  push(bytes: Buffer, offset: number): void {
    if (!this.#isBegun) this.#window.begin(offset)
    this.#isBegun = true
    this.#window.append(bytes)
    this.#stream.run(this.#window)
  }

  endSource(): void {
    if (!this.#isBegun) return
    this.#window.isLast = true
    this.#stream.run(this.#window)
    this.#window.begin(0)
  }

  #value(tape: JsonTape, start: number, end: number, offset: number, isKnown: boolean): void {
    const length = end - start
    const shape = this.#shape
    if (!isKnown || shape === null) {
      const message = "a JSON object that is no message of a known shape"
      this.#lose({ code: "endpoint-security/not-a-message", severity: "error", offset, length, message })
      return
    }
    const message = this.#message
    message.clear()
    const reason = this.#reader.read(tape, shape, message)
    if (reason === "foreign") this.#consumer.foreign()
    else if (reason !== "") {
      this.#lose({
        code: "endpoint-security/cut-message",
        severity: "error",
        offset,
        length,
        message: reason,
      })
    } else {
      const { bytes, wasLenient } = tape
      if (wasLenient) this.#tellLeniency(offset, length)
      else if (isPlanned(shape, message)) this.#plans.learn(tape, shape, message, start, end)
      this.#give(message, { offset, length, shape, bytes, start, end, isValid: !wasLenient })
    }
  }

  /** An object that follows a plan: the rest of the way is that of any message. */
  #takeLike(bytes: Buffer, start: number, end: number, offset: number): number {
    const behind = this.#plans.follow(bytes, start, end)
    const { plan } = this.#plans
    if (behind < 0 || plan === undefined) return -1
    const { shape, message } = plan
    this.#give(message, { offset, length: behind - start, shape, bytes, start, end: behind, isValid: true })
    return behind
  }

  /** A line of Santa's log, or one that a tool puts before its messages. */
  #line(bytes: Buffer, start: number, end: number, offset: number): void {
    const message = this.#message
    message.clear()
    if (!readSantaLine(bytes, start, end, message)) {
      this.#consumer.foreign()
      return
    }
    this.#give(message, {
      offset,
      length: end - start,
      shape: "santa-text",
      bytes,
      start,
      end,
      isValid: false,
    })
  }

  #give(message: EsMessage, place: MessagePlace): void {
    this.records++
    const { offset, length } = place
    for (const { code, message: what, found } of message.faults) {
      const shown = found === "" ? {} : { found }
      this.#tell({ code, severity: "warning", offset, length, message: what, ...shown })
    }
    this.#consumer.message(message, place, this.#sourceId)
  }

  #tellLeniency(offset: number, length: number): void {
    const code = "endpoint-security/bad-escape"
    const message = "a text holds bytes that JSON wants escaped; they were taken as they stand"
    this.#tell({ code, severity: "warning", offset, length, message })
  }

  #lose(problem: Problem): void {
    this.records++
    this.#tell(problem)
  }

  #tell(problem: Problem): void {
    this.#consumer.problem(problem, this.#sourceId)
  }
}

/** Events about accounts are rare, and sentences. A message with faults has to tell them. */
function isPlanned(shape: ObjectShape, message: EsMessage): boolean {
  const isOfEslogger = shape === "eslogger" || shape === "jamf-telemetry"
  return isOfEslogger && message.user === null && message.faults.length === 0
}
