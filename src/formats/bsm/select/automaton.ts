/** A pattern's tree as a flat automaton of states, in which every node knows the state that comes after it. Thompson 1968. */
import { PatternError, type PatternNode } from "./pattern-node.ts"

const MAX_STATES = 20_000

export type State =
  | { readonly kind: "match" }
  | { readonly kind: "set"; readonly bytes: Uint8Array; readonly next: number }
  | { readonly kind: "start" | "end"; readonly next: number }
  /** Goes on at each of them; filled while the automaton is built. */
  | { readonly kind: "fork"; readonly next: number[] }

export interface Automaton {
  readonly states: readonly State[]
  readonly first: number
}

/** @throws PatternError when the pattern would need too many states */
export function buildAutomaton(node: PatternNode): Automaton {
  const states: State[] = [{ kind: "match" }]
  const first = build(node, 0, states)
  return { states, first }
}

function build(node: PatternNode, next: number, states: State[]): number {
  switch (node.kind) {
    case "set":
      return add(states, { kind: "set", bytes: node.bytes, next })
    case "start":
    case "end":
      return add(states, { kind: node.kind, next })
    case "all":
      return node.nodes.reduceRight((behind, one) => build(one, behind, states), next)
    case "any":
      return add(states, { kind: "fork", next: node.nodes.map((one) => build(one, next, states)) })
    default:
      return buildRepeat(node, next, states)
  }
}

function buildRepeat(
  { node, least, most }: { readonly node: PatternNode; readonly least: number; readonly most: number },
  next: number,
  states: State[],
): number {
  let first = next
  if (most < 0) {
    const targets: number[] = []
    first = add(states, { kind: "fork", next: targets })
    targets.push(build(node, first, states), next)
  } else {
    for (let more = most - least; more > 0; more--)
      first = add(states, { kind: "fork", next: [build(node, first, states), next] })
  }
  for (let more = least; more > 0; more--) first = build(node, first, states)
  return first
}

function add(states: State[], state: State): number {
  if (states.length >= MAX_STATES) throw new PatternError("the pattern is too large")
  return states.push(state) - 1
}
