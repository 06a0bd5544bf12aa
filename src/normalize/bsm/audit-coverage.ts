/**
 * What a trail holds of each class of events, and of the policies that add to records: the rest was not asked for in
 * audit_control, or did not happen.
 * Source of truth: audit_control(5), OpenBSM etc/audit_class.
 */
import { classMask } from "../../formats/bsm/tables/classes.ts"
import { type BsmPlatform, eventTable, findEvent } from "../../formats/bsm/tables/events.ts"
import type { EventRole } from "./event-roles.ts"
import type { RowContext } from "./row-context.ts"

export interface CoverageCounts {
  records: number
  /** Class ex, or pc. */
  execs: number
  /** Policy argv. */
  withArguments: number
  /** Policy arge. */
  withEnvironment: number
  /** Class pc: forks and exits. */
  lifetimes: number
  /** Class nt. */
  network: number
  /** Class lo. */
  logins: number
  /** Class aa. */
  authentications: number
}

export function noCoverage(): CoverageCounts {
  return {
    records: 0,
    execs: 0,
    withArguments: 0,
    withEnvironment: 0,
    lifetimes: 0,
    network: 0,
    logins: 0,
    authentications: 0,
  }
}

/** What came since `before` was counted. */
export function coverageSince(
  counts: Readonly<CoverageCounts>,
  before: Readonly<CoverageCounts>,
): CoverageCounts {
  return {
    records: counts.records - before.records,
    execs: counts.execs - before.execs,
    withArguments: counts.withArguments - before.withArguments,
    withEnvironment: counts.withEnvironment - before.withEnvironment,
    lifetimes: counts.lifetimes - before.lifetimes,
    network: counts.network - before.network,
    logins: counts.logins - before.logins,
    authentications: counts.authentications - before.authentications,
  }
}

const NETWORK = classMask("nt") ?? 0
const LOGIN = classMask("lo") ?? 0
const AUTHENTICATION = classMask("aa") ?? 0

/** The events of a class on macOS, which knows more of users than the others. */
export function eventsOfClass(name: "lo" | "aa"): number[] {
  const mask = name === "lo" ? LOGIN : AUTHENTICATION
  return [...eventTable("macos").values()]
    .filter((event) => (event.classMask & mask) !== 0)
    .map((event) => event.number)
}

export class AuditCoverage {
  readonly #counts = noCoverage()

  get counts(): Readonly<CoverageCounts> {
    return this.#counts
  }

  /** A record whatever it is. */
  countRecord(platform: BsmPlatform, event: number): void {
    const counts = this.#counts
    const mask = findEvent(platform, event)?.classMask ?? 0
    counts.records++
    if ((mask & NETWORK) !== 0) counts.network++
    if ((mask & LOGIN) !== 0) counts.logins++
    if ((mask & AUTHENTICATION) !== 0) counts.authentications++
  }

  /** A call of a process whose tokens are known. */
  countCall({ tokens, status }: RowContext, { kind }: EventRole): void {
    const counts = this.#counts
    if (kind === "fork" || kind === "exit") counts.lifetimes++
    // A failed exec may have come to nothing before its arguments were read.
    if ((kind !== "exec" && kind !== "spawn") || status !== 0) return
    counts.execs++
    if (tokens.execArgs >= 0) counts.withArguments++
    if (tokens.execEnv >= 0) counts.withEnvironment++
  }

  restore(counts: CoverageCounts): void {
    Object.assign(this.#counts, counts)
  }
}
