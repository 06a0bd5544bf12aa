/**
 * An integer of a print format, read from a plain sample as two halves: a field or a constant, with its casts and masks.
 * Null stands for any other expression, which the general way evaluates.
 */
import type { PlainSample } from "../perf-data/plain-sample.ts"
import type { PlainField, SamplePlan } from "../perf-data/sample-plan.ts"
import type { Expression } from "./expression.ts"
import { castOf, constantOf, type Machine } from "./value.ts"

/** Keeps so many bits and extends them, or clears those that are not in the mask. */
type Change =
  | { readonly kind: "cast"; readonly bits: number; readonly isUnsigned: boolean }
  | { readonly kind: "mask"; readonly low: number; readonly high: number }

export class PlainInteger {
  /** Null for a constant. */
  readonly #field: PlainField | null
  readonly #changes: readonly Change[]
  /** The value that was read last, each half with the sign of 32 bits. */
  low = 0
  high = 0

  constructor(field: PlainField | null, changes: readonly Change[], constant = 0n) {
    this.#field = field
    // A cast to 64 bits leaves both halves as they are.
    this.#changes = changes.filter((change) => change.kind === "mask" || change.bits < 64)
    this.low = Number(BigInt.asIntN(32, constant))
    this.high = Number(BigInt.asIntN(32, constant >> 32n))
  }

  /** Sets `low` and `high`. */
  read(sample: PlainSample): void {
    const field = this.#field
    if (field === null) return
    const at = sample.at + field.at
    const word = at >> 2
    if (field.size === 8) {
      this.low = sample.words[word] as number
      this.high = sample.words[word + 1] as number
    } else {
      this.low = field.size === 4 ? (sample.words[word] as number) : readSmall(sample.bytes, at, field)
      this.high = field.isUnsigned ? 0 : this.low >> 31
    }
    if (this.#changes.length > 0) this.#change()
  }

  #change(): void {
    for (const change of this.#changes) {
      if (change.kind === "mask") {
        this.low &= change.low
        this.high &= change.high
        continue
      }
      const spare = 32 - change.bits
      this.low = change.isUnsigned ? ((this.low << spare) >>> spare) | 0 : (this.low << spare) >> spare
      this.high = change.isUnsigned ? 0 : this.low >> 31
    }
  }
}

function readSmall(bytes: Buffer, at: number, { size, isUnsigned }: PlainField): number {
  const value = size === 1 ? (bytes[at] as number) : (bytes[at] as number) | ((bytes[at + 1] as number) << 8)
  const spare = 32 - size * 8
  return isUnsigned ? value : (value << spare) >> spare
}

/** @param last what becomes of the value in the end */
export function compileInteger(
  expression: Expression,
  plan: SamplePlan,
  machine: Machine,
  last: readonly Change[] = [],
): PlainInteger | null {
  const { fieldNames } = plan.format
  const constant = last.length === 0 ? constantOf(expression, fieldNames, machine) : null
  if (constant !== null && expression.kind !== "text") return new PlainInteger(null, [], constant)
  switch (expression.kind) {
    case "field": {
      const field = plan.fields[fieldNames.find(expression.name)]
      return field?.form === "integer" ? new PlainInteger(field, last) : null
    }
    case "cast": {
      const width = castOf(expression.type, machine)
      const changes: readonly Change[] = width === null ? last : [{ kind: "cast", ...width }, ...last]
      return compileInteger(expression.of, plan, machine, changes)
    }
    case "binary": {
      const mask = expression.operator === "&" ? constantOf(expression.right, fieldNames, machine) : null
      if (mask === null) return null
      const low = Number(BigInt.asIntN(32, mask))
      const high = Number(BigInt.asIntN(32, mask >> 32n))
      return compileInteger(expression.left, plan, machine, [{ kind: "mask", low, high }, ...last])
    }
    default:
      return null
  }
}
