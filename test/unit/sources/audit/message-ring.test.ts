/** The ring keeps every message whole and in order, at any fill and across its end. */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { createSharedRing, MessageRing, SLOT } from "../../../../src/sources/audit/reader/message-ring.ts"

const message = (seed: number, length: number) => Buffer.alloc(length, seed & 0xff)

describe("the message ring", () => {
  it("gives back what was put in, whatever the steps", () => {
    const step = fc.oneof(
      fc.record({ put: fc.integer({ min: 16, max: 300 }) }),
      fc.record({ take: fc.integer({ min: 1, max: 8 }) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const ring = new MessageRing(createSharedRing(1024))
        const expected: Buffer[] = []
        let seed = 0
        for (const one of steps) {
          if ("put" in one) {
            const source = message(seed++, one.put)
            if (ring.put(source, 0, source.length)) expected.push(source)
            else expect(expected.length).toBeGreaterThan(0)
          } else {
            const taken = takeFrom(ring, one.take)
            expect(taken).toHaveLength(Math.min(one.take, expected.length))
            expect(taken).toEqual(expected.splice(0, taken.length))
          }
        }
        expect(takeFrom(ring, 1000)).toEqual(expected)
      }),
      { numRuns: 300 },
    )
  })

  it("goes on when its positions wrap", () => {
    const ring = new MessageRing(createSharedRing(1024))
    ring.set(SLOT.head, -512)
    ring.set(SLOT.tail, -512)
    for (let at = 0; at < 50; at++) {
      expect(ring.put(message(at, 100), 0, 100)).toBe(true)
      expect(takeFrom(ring, 5)).toEqual([message(at, 100)])
    }
  })

  it("takes no more than there is room for", () => {
    const ring = new MessageRing(createSharedRing(1024))
    for (let at = 0; at < 4; at++) ring.put(message(at, 100), 0, 100)
    const target = Buffer.alloc(250)
    expect(ring.take(10, target)).toEqual({ messages: 2, bytes: 208 })
    expect(takeFrom(ring, 10)).toEqual([message(2, 100), message(3, 100)])
  })

  it("counts messages until they are done with", () => {
    const ring = new MessageRing(createSharedRing(1024))
    ring.put(message(1, 20), 0, 20)
    takeFrom(ring, 1)
    expect(ring.waiting).toBe(1)
    ring.add(SLOT.done, 1)
    expect(ring.waiting).toBe(0)
  })

  it("wakes who waits, at once or after the time", async () => {
    const ring = new MessageRing(createSharedRing(1024))
    const began = performance.now()
    const waiting = ring.wait(5000)
    ring.put(message(1, 20), 0, 20)
    ring.ring()
    await waiting
    expect(performance.now() - began).toBeLessThan(2000)
    takeFrom(ring, 1)
    await ring.wait(20)
  })
})

function takeFrom(ring: MessageRing, most: number): Buffer[] {
  const target = Buffer.alloc(64 * 1024)
  const { messages, bytes } = ring.take(most, target)
  const taken = unpack(target.subarray(0, bytes))
  expect(taken).toHaveLength(messages)
  return taken
}

function unpack(block: Buffer): Buffer[] {
  const found: Buffer[] = []
  for (let at = 0; at < block.length; ) {
    const length = block.readUInt32LE(at)
    found.push(Buffer.from(block.subarray(at + 4, at + 4 + length)))
    at += 4 + length
  }
  return found
}
