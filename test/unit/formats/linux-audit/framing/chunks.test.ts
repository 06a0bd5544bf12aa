import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { Variant } from "../../../../../src/formats/linux-audit/framing/create.ts"
import { type Kept, keeper, makeFramer, runFramer } from "./run-framer.ts"
import { SAMPLES } from "./samples.ts"

const RUNS = 25
const MUTANTS = 120

describe.each(Object.entries(SAMPLES) as [Variant, Buffer][])("%s", (variant, sample) => {
  it("gives the same whatever the chunks", () => {
    const whole = runFramer(variant, sample)
    expect(whole.records.length).toBeGreaterThan(2)
    expect(runFramer(variant, sample, [1])).toEqual(whole)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 8 }), (sizes) => {
        expect(runFramer(variant, sample, sizes)).toEqual(whole)
      }),
      { numRuns: RUNS },
    )
  })

  it("survives damage: same in all chunks, units in order, nothing twice", () => {
    fc.assert(
      fc.property(mutationOf(sample), fc.integer({ min: 1, max: 97 }), (bytes, size) => {
        const kept = runFramer(variant, bytes)
        expect(runFramer(variant, bytes, [size])).toEqual(kept)
        expectConserved(kept, bytes)
      }),
      { numRuns: MUTANTS },
    )
  })

  it("resumes where it stopped", () => {
    const whole = runFramer(variant, sample)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: sample.length }), (cut) => {
        const { kept, consumer } = keeper()
        const first = makeFramer(variant, consumer)
        first.push(sample.subarray(0, cut), 0)
        const resumeAt = first.consumedTo
        expect(resumeAt).toBeLessThanOrEqual(cut)
        const second = makeFramer(variant, consumer)
        if ("saveState" in first && "restoreState" in second) {
          const { saveState, restoreState } = {
            saveState: first.saveState,
            restoreState: second.restoreState,
          }
          if (typeof saveState === "function" && typeof restoreState === "function") {
            restoreState.call(second, saveState.call(first))
          }
        }
        second.push(sample.subarray(resumeAt), resumeAt)
        second.end()
        expect(kept.records.map((record) => record.offset)).toEqual(
          whole.records.map((record) => record.offset),
        )
        expect(kept.problems).toEqual(whole.problems)
        expect(kept.foreign).toEqual(whole.foreign)
      }),
      { numRuns: RUNS },
    )
  })
})

/** Overwrites, drops or repeats a few stretches. */
function mutationOf(sample: Buffer): fc.Arbitrary<Buffer> {
  const place = fc.integer({ min: 0, max: sample.length - 1 })
  const edit = fc.oneof(
    fc.record({ at: place, drop: fc.constant(1), put: fc.uint8Array({ minLength: 1, maxLength: 1 }) }),
    fc.record({ at: place, drop: fc.integer({ min: 0, max: 60 }), put: fc.constant(new Uint8Array()) }),
    fc.record({ at: place, drop: fc.constant(0), put: fc.uint8Array({ minLength: 1, maxLength: 20 }) }),
    fc.record({
      at: place,
      drop: fc.constant(0),
      put: fc
        .constantFrom('"', "{", "}", "[", "\n", "\n\n", "\\", "\0", "MESSAGE\n", "audit(")
        .map((text) => Buffer.from(text)),
    }),
  )
  return fc
    .array(edit, { minLength: 1, maxLength: 4 })
    .map((edits) =>
      edits.reduce<Buffer>(
        (bytes, { at, drop, put }) => Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + drop)]),
        sample,
      ),
    )
}

/** Between entries: white space, the punctuation of JSON lists, the wrapper of dmesg. */
const BETWEEN = /^(?:[\s,[\]}\x1e]|\{\s*"dmesg"\s*:\s*\[)*$/

/** Every byte lies in one unit (a record's entry, an error, something foreign) or between units. */
function expectConserved(kept: Kept, bytes: Buffer): void {
  const units = [
    ...kept.records.map((record) => [record.offset, record.length, "record"] as const),
    ...kept.problems
      .filter((one) => one.severity === "error" || one.code === "linux-audit/nul-bytes")
      .map((one) => [one.offset, one.length, "error"] as const),
    ...kept.foreign.map(([offset, length]) => [offset, length, "foreign"] as const),
  ].sort((a, b) => a[0] - b[0])
  let end = 0
  let last: readonly [number, number, string] = [-1, 0, ""]
  for (const unit of [...units, [bytes.length, 0, "end"] as const]) {
    const [offset, length, kind] = unit
    const isSameEntry = kind === "record" && last[2] === "record" && offset === last[0] && length === last[1]
    if (!isSameEntry) expect(offset).toBeGreaterThanOrEqual(end)
    expect(bytes.toString("latin1", end, Math.max(end, offset))).toMatch(BETWEEN)
    end = offset + length
    last = unit
  }
}
