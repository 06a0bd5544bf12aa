/**
 * Counts what rings lost, exactly: by the numbers of the records, which count attempts on each CPU, and by what the ring
 * itself or the capture says. All of them tell of the same losses; of one stretch the largest count is right.
 *
 *   number 7, LOST 3, number 11      3 lost      number 7, LOST 2, number 12      4 lost
 *
 * The kernel writes LOST only in front of the next record that fits, so that it knows nothing of losses at the end.
 */
import type { Gap } from "../../base/problem.ts"
import type { RingRecord } from "./ring-record.ts"

/** A step of more than this is no loss but another count: damage, or a capture that began anew. */
const MOST_LOST = 0x1000_0000

export interface LossState {
  readonly lost: number
  /** Number of the next record, by CPU. */
  readonly next: readonly (readonly [cpu: number, number: number])[]
}

interface CpuState {
  /** Number that the next record has if none is lost; -1 before the first. */
  next: number
  /** Lost since the last record, by the ring or the capture. */
  told: number
  /** Of the last record. */
  lastNs: bigint | undefined
}

export class LossCounter {
  readonly #tell: (gap: Gap) => void
  readonly #cpus = new Map<number, CpuState>()
  /** All that was found so far. */
  lost = 0

  constructor(tell: (gap: Gap) => void) {
    this.#tell = tell
  }

  /** A ring or the capture says that so many were lost after the last record. */
  told(cpu: number, count: number): void {
    this.#stateOf(cpu).told += count
  }

  /** @param cpu -1 when it is not known: numbers are then no help */
  record(record: RingRecord, cpu: number, ns: bigint | undefined): void {
    const state = this.#stateOf(cpu)
    const isNumbered = cpu >= 0
    const step = isNumbered && state.next >= 0 ? (record.sequence - state.next) >>> 0 : 0
    const lost = Math.max(state.told, step > MOST_LOST ? 0 : step)
    if (lost > 0) this.#report(cpu, lost, state, step > 0 && step === lost, record.offset, ns)
    state.next = (record.sequence + 1) >>> 0
    state.told = 0
    state.lastNs = ns
  }

  /** Nothing more comes: what was told last has no record behind it. */
  end(offset: number): void {
    for (const [cpu, state] of this.#cpus) {
      if (state.told > 0) this.#report(cpu, state.told, state, false, offset, undefined)
      state.told = 0
    }
  }

  /** The capture's own count of all losses: what is beyond those found is told as one gap without a place. */
  total(lost: number, offset: number): void {
    const more = lost - this.lost
    if (more <= 0) return
    this.lost = lost
    this.#tell({
      kind: "lost-records",
      what: `${more} more ${more === 1 ? "record" : "records"}, before the first or after the last that were kept`,
      evidence: "the capture's own counter",
      offset,
    })
  }

  saveState(): LossState {
    return { lost: this.lost, next: [...this.#cpus].map(([cpu, { next }]) => [cpu, next]) }
  }

  restoreState({ lost, next }: LossState): void {
    this.lost = lost
    for (const [cpu, number] of next) this.#stateOf(cpu).next = number
  }

  #stateOf(cpu: number): CpuState {
    const known = this.#cpus.get(cpu)
    if (known !== undefined) return known
    const state: CpuState = { next: -1, told: 0, lastNs: undefined }
    this.#cpus.set(cpu, state)
    return state
  }

  #report(
    cpu: number,
    lost: number,
    { next, lastNs }: CpuState,
    isStep: boolean,
    offset: number,
    ns: bigint | undefined,
  ): void {
    this.lost += lost
    const place = cpu >= 0 ? ` of CPU ${cpu}` : ""
    const gap: Gap = {
      kind: "lost-records",
      what: `${lost} ${lost === 1 ? "record" : "records"}${place}`,
      evidence: isStep ? "their numbers are missing" : "the ring counted them",
      offset,
      ...(lastNs === undefined ? {} : { fromNs: lastNs }),
      ...(ns === undefined ? {} : { toNs: ns }),
      ...(isStep ? { fromId: String(next), toId: String((next + lost - 1) >>> 0) } : {}),
    }
    this.#tell(gap)
  }
}
