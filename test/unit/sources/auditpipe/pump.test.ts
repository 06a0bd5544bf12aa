import { describe, expect, it } from "vitest"
import type { PipeInput } from "../../../../src/sources/auditpipe/device.ts"
import { NAP_MS, type PumpTarget, pump } from "../../../../src/sources/auditpipe/pump.ts"

type Step = Buffer | string | (() => void)

/** Reads these: bytes, error codes, and calls that happen instead of a read that finds nothing. */
class ScriptedInput implements PipeInput {
  readonly #steps: Step[]
  waits = 0
  waitsWork = true

  constructor(steps: readonly Step[]) {
    this.#steps = [...steps]
  }

  read(target: Buffer): number {
    const step = this.#steps.shift() ?? Buffer.alloc(0)
    if (typeof step === "function") step()
    if (typeof step === "function") throw Object.assign(new Error("EAGAIN"), { code: "EAGAIN" })
    if (typeof step === "string") throw Object.assign(new Error(step), { code: step, errno: -6 })
    return step.copy(target)
  }

  wait(): boolean {
    this.waits++
    return this.waitsWork
  }
}

class Kept implements PumpTarget {
  stopping: PumpTarget["stopping"] = "no"
  readonly naps: number[] = []
  bytes = Buffer.alloc(0)
  isFull = false

  put(source: Buffer, length: number): boolean {
    if (this.isFull) return false
    this.bytes = Buffer.concat([this.bytes, source.subarray(0, length)])
    return true
  }

  nap(ms: number): void {
    this.naps.push(ms)
  }
}

const piece = (text: string) => Buffer.from(text)

describe("emptying a pipe", () => {
  it("joins what reads give, waits where there is nothing, and takes no signal for an end", () => {
    const input = new ScriptedInput([piece("ab"), "EAGAIN", piece("c"), "EINTR", piece("def")])
    const kept = new Kept()
    expect(pump(input, kept)).toEqual({ why: "closed" })
    expect(kept.bytes.toString()).toBe("abcdef")
    expect([input.waits, kept.naps]).toEqual([1, []])
  })

  it("naps where waiting does not work, instead of spinning", () => {
    const input = new ScriptedInput(["EAGAIN", "EAGAIN", piece("a")])
    input.waitsWork = false
    const kept = new Kept()
    pump(input, kept)
    expect([kept.bytes.toString(), kept.naps]).toEqual(["a", [NAP_MS, NAP_MS]])
  })

  it("ends with the error of a device that is gone", () => {
    const end = pump(new ScriptedInput([piece("ab"), "ENXIO", piece("no more")]), new Kept())
    expect(end).toMatchObject({ why: "failed", error: { code: "ENXIO" } })
  })

  it("takes what is there before it ends when empty", () => {
    const kept = new Kept()
    const stop = () => {
      kept.stopping = "when empty"
    }
    const input = new ScriptedInput([piece("a"), stop, piece("b"), "EAGAIN", piece("too late")])
    // The read that heard of the request found nothing, which is the end already.
    expect(pump(input, kept)).toEqual({ why: "stopped" })
    expect(kept.bytes.toString()).toBe("a")
    kept.stopping = "when empty"
    expect(pump(input, kept)).toEqual({ why: "stopped" })
    expect(kept.bytes.toString()).toBe("ab")
  })

  it("ends at once when told so, or when there is no room any more", () => {
    const kept = new Kept()
    kept.stopping = "at once"
    expect(pump(new ScriptedInput([piece("a")]), kept)).toEqual({ why: "stopped" })
    kept.stopping = "no"
    kept.isFull = true
    expect(pump(new ScriptedInput([piece("a")]), kept)).toEqual({ why: "stopped" })
    expect(kept.bytes).toHaveLength(0)
  })
})
