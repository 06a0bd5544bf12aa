/**
 * The plans for messages of one stream. A message is tried with the plan that the last one followed; where it turns
 * away, that plan knows where messages went that turned away there before. What follows no plan is read as a whole, and
 * becomes a plan.
 */
import { GrowingBytes } from "../../../base/growing-bytes.ts"
import type { JsonTape } from "../json/json-tape.ts"
import { EsMessage } from "../message.ts"
import type { ObjectShape } from "../shapes/tell-shape.ts"
import { fillValue } from "./fill-message.ts"
import { PlanFollower } from "./follow-plan.ts"
import { planValues } from "./learn-plan.ts"
import { MessagePlan } from "./message-plan.ts"

const MAX_PLANS = 256
const MAX_TURNS = 4
const TEXT_BYTES = 64 * 1024
/** The store of all texts is filled anew from here on. */
const FULL_BYTES = 256 * 1024
/** Learning is paid for by messages that follow plans: where none does, little is lost. */
const LEARNING_COST = 32
const FOLLOWED_GAIN = 4
const MOST_CREDIT = MAX_PLANS * LEARNING_COST

export class PlanBook {
  /** The plan that `follow` found; its message is that of the bytes. */
  plan: MessagePlan | undefined
  readonly #plans: MessagePlan[] = []
  readonly #follower = new PlanFollower()
  readonly #texts = new GrowingBytes(TEXT_BYTES)
  #filling = 0
  #current = 0
  #oldest = 0
  #credit = MOST_CREDIT

  /** Index behind the message that begins at `start`, when it follows a plan; else -1. */
  follow(bytes: Buffer, start: number, end: number): number {
    const follower = this.#follower
    let number = this.#current
    for (let turn = 0; turn <= MAX_TURNS; turn++) {
      const plan = this.#plans[number]
      if (plan === undefined) return -1
      this.#current = number
      const at = follower.follow(plan, bytes, start, end)
      if (at >= 0) return this.#fill(plan, bytes, start, at) ? at : -1
      number = plan.turnAt(follower.mark)
      if (number < 0) return -1
    }
    return -1
  }

  /** Learns from a message that followed no plan and was read as a whole. */
  learn(tape: JsonTape, shape: ObjectShape, message: EsMessage, start: number, end: number): void {
    this.#credit = Math.min(MOST_CREDIT, this.#credit + 1)
    if (this.#credit < LEARNING_COST) return
    this.#credit -= LEARNING_COST
    const known = this.#find(tape.bytes, start, end)
    const number = known < 0 ? this.#add(tape, shape, message, start, end) : known
    if (number < 0) return
    const last = this.#plans[this.#current]
    if (last !== undefined && number !== this.#current) {
      this.#follower.follow(last, tape.bytes, start, end)
      last.addTurn(this.#follower.mark, number)
    }
    this.#current = number
  }

  /** Number of a plan that the message follows although no turn led there. */
  #find(bytes: Buffer, start: number, end: number): number {
    return this.#plans.findIndex((plan) => this.#follower.follow(plan, bytes, start, end) === end)
  }

  #add(tape: JsonTape, shape: ObjectShape, message: EsMessage, start: number, end: number): number {
    const values = planValues(tape, message, start, end)
    if (values === undefined) return -1
    const plan = new MessagePlan(shape, new EsMessage(this.#texts), values)
    plan.message.copyFacts(message)
    plan.keep(tape.bytes, start, end)
    const number = this.#freeNumber()
    this.#plans[number] = plan
    return number
  }

  /** That of a plan that failed, else a new one, else that of the oldest plan. */
  #freeNumber(): number {
    const failed = this.#plans.findIndex(({ length }) => length === 0)
    if (failed >= 0) return failed
    if (this.#plans.length < MAX_PLANS) return this.#plans.length
    const oldest = this.#oldest
    this.#oldest = (oldest + 1) % MAX_PLANS
    return oldest
  }

  #fill(plan: MessagePlan, bytes: Buffer, start: number, end: number): boolean {
    const follower = this.#follower
    if (this.#texts.used > FULL_BYTES) {
      this.#texts.clear()
      this.#filling++
    }
    follower.settle(plan)
    plan.keep(bytes, start, end)
    const isFresh = plan.filling !== this.#filling
    const count = isFresh ? plan.count : follower.changed
    for (let index = 0; index < count; index++) {
      const value = isFresh ? index : (follower.values[index] as number)
      if (fillValue(plan, value)) continue
      plan.length = 0
      return false
    }
    plan.filling = this.#filling
    this.#credit = Math.min(MOST_CREDIT, this.#credit + FOLLOWED_GAIN)
    this.plan = plan
    return true
  }
}
