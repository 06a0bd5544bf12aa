/** The thread that reads the audit pipe while the main one parses and stores. */
import { workerData } from "node:worker_threads"
import { MessageRing, type SharedRing, SLOT } from "../../audit/reader/message-ring.ts"
import { NativePipeInput } from "../device.ts"
import { type PumpTarget, pump } from "../pump.ts"

export interface PipeThreadData {
  readonly ring: SharedRing
  readonly pauseMs: number
}

const EIO = 5
const data = workerData as PipeThreadData
const ring = new MessageRing(data.ring)

const target: PumpTarget = {
  get stopping() {
    return (["no", "when empty", "at once"] as const)[ring.get(SLOT.stop)] ?? "at once"
  },
  put(source, length) {
    while (!ring.put(source, 0, length)) {
      if (target.stopping === "at once") return false
      ring.add(SLOT.pauses, 1)
      Atomics.wait(ring.counters, SLOT.stop, ring.get(SLOT.stop), data.pauseMs)
    }
    ring.ring()
    return true
  },
  nap: (ms) => void Atomics.wait(ring.counters, SLOT.stop, 0, ms),
}

try {
  const input = new NativePipeInput(ring.get(SLOT.descriptor))
  ring.set(SLOT.ready, 1)
  const end = pump(input, target)
  if (end.why === "failed") ring.set(SLOT.failure, errnoOf(end.error))
} catch (error) {
  ring.set(SLOT.failure, errnoOf(error))
}
ring.set(SLOT.ended, 1)
ring.ring()

/** As a positive number: Node.js gives its own errors negative ones. */
function errnoOf(error: unknown): number {
  const errno = error instanceof Error && "errno" in error ? Math.abs(Number(error.errno)) : EIO
  return Number.isInteger(errno) && errno > 0 ? errno : EIO
}
