/**
 * Matches a pattern anywhere in a range of bytes, one step a byte whatever the pattern: sets of states are followed
 * together, and each set that occurs is kept with where every byte leads from it.
 */
import { type Automaton, buildAutomaton } from "./automaton.ts"
import type { PatternNode } from "./pattern-node.ts"

/** Sets kept; when there are more they are forgotten and found anew. */
const MAX_SETS = 2048

class StateSet {
  /** States that take a byte. */
  readonly members: readonly number[]
  readonly next: (StateSet | undefined)[] = Array.from({ length: 256 }, () => undefined)
  readonly isMatch: boolean
  /** A match where the bytes end. */
  readonly isMatchAtEnd: boolean

  constructor(members: readonly number[], isMatch: boolean, isMatchAtEnd: boolean) {
    this.members = members
    this.isMatch = isMatch
    this.isMatchAtEnd = isMatchAtEnd
  }
}

export class Pattern {
  readonly #automaton: Automaton
  readonly #sets = new Map<string, StateSet>()
  readonly #first: StateSet

  constructor(node: PatternNode) {
    this.#automaton = buildAutomaton(node)
    this.#first = this.#settle([this.#automaton.first], true)
  }

  /** True when the pattern matches somewhere in `bytes[from, to)`. */
  test(bytes: Uint8Array, from: number, to: number): boolean {
    let set = this.#first
    for (let at = from; at < to; at++) {
      if (set.isMatch) return true
      const byte = bytes[at] as number
      set = set.next[byte] ?? this.#follow(set, byte)
    }
    return set.isMatch || set.isMatchAtEnd
  }

  #follow(set: StateSet, byte: number): StateSet {
    const { states, first } = this.#automaton
    // A match may begin at every byte.
    const targets = [first]
    for (const member of set.members) {
      const state = states[member]
      if (state?.kind === "set" && state.bytes[byte] !== 0) targets.push(state.next)
    }
    const next = this.#settle(targets, false)
    set.next[byte] = next
    return next
  }

  /** Follows every way that takes no byte. */
  #settle(targets: readonly number[], isStart: boolean): StateSet {
    const reached = this.#reach(targets, isStart, false)
    const isMatch = reached.has(0)
    const isMatchAtEnd = isMatch || this.#reach(targets, isStart, true).has(0)
    const members = [...reached]
      .filter((state) => this.#automaton.states[state]?.kind === "set")
      .sort((a, b) => a - b)
    const key = `${members.join()};${isMatch};${isMatchAtEnd}`
    const known = this.#sets.get(key)
    if (known !== undefined) return known
    if (this.#sets.size >= MAX_SETS) this.#forget()
    const set = new StateSet(members, isMatch, isMatchAtEnd)
    this.#sets.set(key, set)
    return set
  }

  #reach(targets: readonly number[], isStart: boolean, isEnd: boolean): Set<number> {
    const reached = new Set<number>()
    const open = [...targets]
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (reached.has(at)) continue
      reached.add(at)
      const state = this.#automaton.states[at]
      if (state?.kind === "fork") open.push(...state.next)
      else if (state?.kind === "start" && isStart) open.push(state.next)
      else if (state?.kind === "end" && isEnd) open.push(state.next)
    }
    return reached
  }

  /** What leads to forgotten sets must be forgotten too. */
  #forget(): void {
    for (const set of this.#sets.values()) set.next.fill(undefined)
    this.#sets.clear()
    this.#first.next.fill(undefined)
  }
}
