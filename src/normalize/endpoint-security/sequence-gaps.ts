/**
 * What a stream of messages lacks: EndpointSecurity numbers the messages of a client from 0 on, all together and each
 * type apart, and drops messages when the client is slow. Numbers that begin anew are another client, no loss.
 * Source of truth: Apple's ESMessage.h on seq_num and global_seq_num.
 */
import type { Gap } from "../../base/problem.ts"
import type { EsMessage } from "../../formats/endpoint-security/message.ts"
import { EVENT } from "../../formats/endpoint-security/slots.ts"

/** More kinds of events than these there are none; a hostile stream must not fill the memory. */
const MAX_KINDS = 1024
const MAX_HOSTS = 256

export type ReportGap = (gap: Gap, host: string, sourceId: number) => void

/** JSON */
export type SequenceState = readonly (readonly [host: string, next: readonly (readonly [string, number])[]])[]

interface HostState {
  /** The number that the next message has, by kind; under "" that of all together. */
  readonly next: Map<string, number>
  sec: number
  nsec: number
}

export class SequenceGaps {
  readonly #report: ReportGap
  readonly #hosts = new Map<string, HostState>()

  constructor(report: ReportGap) {
    this.#report = report
  }

  take(message: EsMessage, host: string, offset: number, sourceId: number): void {
    const state = this.#stateOf(host)
    const global = message.value(EVENT.globalSequence)
    const number = message.value(EVENT.sequence)
    const { next } = state
    const isRestart = Number.isNaN(global)
      ? number < (next.get(message.kind) ?? 0)
      : global < (next.get("") ?? 0)
    if (isRestart) next.clear()
    this.#check(state, { kind: "", number: global, message, host, offset, sourceId })
    this.#check(state, { kind: message.kind, number, message, host, offset, sourceId })
    state.sec = message.sec
    state.nsec = message.nsec
  }

  saveState(): SequenceState {
    return [...this.#hosts].map(([host, { next }]) => [host, [...next]])
  }

  restoreState(state: SequenceState): void {
    for (const [host, next] of state) {
      const { next: known } = this.#stateOf(host)
      for (const [kind, number] of next) known.set(kind, number)
    }
  }

  #stateOf(host: string): HostState {
    const name = this.#hosts.size < MAX_HOSTS || this.#hosts.has(host) ? host : ""
    let state = this.#hosts.get(name)
    if (state === undefined) {
      state = { next: new Map(), sec: Number.NaN, nsec: 0 }
      this.#hosts.set(name, state)
    }
    return state
  }

  #check(state: HostState, numbered: Numbered): void {
    const { kind, number } = numbered
    if (Number.isNaN(number)) return
    const expected = state.next.get(kind)
    if (expected === undefined && state.next.size >= MAX_KINDS) return
    state.next.set(kind, number + 1)
    if (expected === undefined || number <= expected) return
    this.#tell(state, expected, numbered)
  }

  #tell(
    state: HostState,
    expected: number,
    { kind, number, message, host, offset, sourceId }: Numbered,
  ): void {
    const missing = number - expected
    const before = toNs(state.sec, state.nsec)
    const after = toNs(message.sec, message.nsec)
    const facts = {
      ...(before === undefined ? {} : { fromNs: before }),
      ...(after === undefined ? {} : { toNs: after }),
      ...{ fromId: String(expected - 1), toId: String(number), offset },
    }
    const what = `${missing} message${missing === 1 ? "" : "s"}`
    const why = "has a hole: dropped by the kernel, or filtered out"
    const gap: Gap =
      kind === ""
        ? { kind: "lost-messages", what, evidence: `global_seq_num ${why}`, ...facts }
        : { kind: "lost-of-type", what: `${what} of type ${kind}`, evidence: `seq_num ${why}`, ...facts }
    this.#report(gap, host, sourceId)
  }
}

interface Numbered {
  readonly kind: string
  readonly number: number
  readonly message: EsMessage
  readonly host: string
  readonly offset: number
  readonly sourceId: number
}

function toNs(sec: number, nsec: number): bigint | undefined {
  return Number.isNaN(sec) ? undefined : BigInt(sec) * 1_000_000_000n + BigInt(nsec)
}
