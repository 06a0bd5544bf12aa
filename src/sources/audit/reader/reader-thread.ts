/**
 * The thread that reads the audit socket: it receives and enqueues, nothing else, so that the kernel is never kept
 * waiting by what is done with the records.
 *
 * While too many records wait it pauses, as osquery does, but still takes a few messages from a full socket: one that
 * is full for 100 ms makes the kernel throw records away without counting them (kernel/audit.c kauditd_hold_skb).
 */
import { setPriority } from "node:os"
import { workerData } from "node:worker_threads"
import { dropThreadCapabilities } from "../../native/privileges.ts"
import { BatchReceiver, OVERRUN } from "../batch-receiver.ts"
import { MessageRing, type SharedRing, SLOT } from "./message-ring.ts"

export interface ReaderThreadData {
  readonly ring: SharedRing
  /** A pause begins when more messages than this wait. */
  readonly bound: number
  readonly pauseMs: number
  /** What the pauses may add to the bound. */
  readonly slack: number
}

const WAIT_MS = 100
/** Messages that one call takes at most. */
const FULL_BATCH = 64
/**
 * Between two calls that do not take so many: a thread that waits at the socket is woken for every message, which the
 * process that made it pays for. The socket's buffer holds what comes meanwhile.
 */
const NAP_MS = 20
/** The socket is looked at so often while the reader pauses, and so many messages are taken each time. */
const TRICKLES = 2
const TRICKLE = { messages: 2, messageBytes: 16 * 1024 }
/** After a request to stop, the socket counts as empty when nothing came for so long. */
const QUIET_MS = 60
const EINTR = 4
const EIO = 5

/** As auditd's priority_boost: on a busy host the socket must not fill while this thread waits for its turn. */
const PRIORITY = -10

const data = workerData as ReaderThreadData
const ring = new MessageRing(data.ring)
let receiver = new BatchReceiver(ring.get(SLOT.descriptor))
let trickle = new BatchReceiver(ring.get(SLOT.descriptor), TRICKLE)
let descriptor = ring.get(SLOT.descriptor)
let lastLookMs = performance.now()

try {
  hurry()
  ring.set(SLOT.ready, 1)
  ring.ring()
  while (ring.get(SLOT.stop) !== 2) {
    takeNewSocket()
    dropWhenTold()
    const isStopping = ring.get(SLOT.stop) === 1
    const count = receive(receiver, isStopping ? QUIET_MS : WAIT_MS)
    if (count === 0 && isStopping) break
    if (count > 0 && count < FULL_BATCH && !isStopping) nap()
    while (ring.waiting > data.bound && ring.get(SLOT.stop) !== 2) {
      pause()
      takeNewSocket()
    }
  }
} catch (error) {
  ring.set(SLOT.failure, errnoOf(error))
}
ring.set(SLOT.ended, 1)
ring.ring()

/** Of this thread alone: Linux has priorities by thread. Without the right to it the reader goes on as it is. */
function hurry(): void {
  try {
    setPriority(PRIORITY)
  } catch {
    // EACCES: not root.
  }
}

/**
 * Not before the main thread has changed the user: the C library changes it in all threads, and aborts the process when
 * one of them may not (nptl setxid).
 */
function dropWhenTold(): void {
  if (ring.get(SLOT.drop) !== 1) return
  dropThreadCapabilities()
  ring.set(SLOT.drop, 2)
}

/** After the socket was lost another one takes its place. */
function takeNewSocket(): void {
  const wanted = ring.get(SLOT.descriptor)
  if (wanted === descriptor) return
  descriptor = wanted
  receiver = new BatchReceiver(descriptor)
  trickle = new BatchReceiver(descriptor, TRICKLE)
}

function nap(): void {
  Atomics.wait(ring.counters, SLOT.stop, 0, NAP_MS)
}

function pause(): void {
  ring.set(SLOT.isPausing, 1)
  ring.add(SLOT.pauses, 1)
  for (let part = 0; part < TRICKLES; part++) {
    Atomics.wait(ring.counters, SLOT.stop, ring.get(SLOT.stop), data.pauseMs / TRICKLES)
    if (ring.waiting < data.bound + data.slack) receive(trickle, 0)
  }
  ring.set(SLOT.isPausing, 0)
}

/** Receives once and enqueues; returns the number of messages. */
function receive(from: BatchReceiver, timeoutMs: number): number {
  const before = performance.now()
  ring.set(SLOT.longestGapMs, Math.max(ring.get(SLOT.longestGapMs), Math.ceil(before - lastLookMs)))
  const count = from.receive(timeoutMs)
  lastLookMs = performance.now()
  if (count === OVERRUN) {
    ring.add(SLOT.overruns, 1)
    return 1
  }
  for (let at = 0; at < count; at++) enqueue(from, at)
  if (count > 0) {
    const waiting = ring.waiting
    if (waiting > ring.get(SLOT.highest)) ring.set(SLOT.highest, waiting)
    ring.ring()
  }
  return count
}

function enqueue(from: BatchReceiver, at: number): void {
  if (from.senderPid(at) !== 0) {
    ring.add(SLOT.foreign, 1)
    return
  }
  if (from.isTruncated(at)) ring.add(SLOT.truncated, 1)
  // Room is short only when messages are far longer than usual: the reader waits as for the bound.
  while (!ring.put(from.buffer, from.start(at), from.length(at))) {
    if (ring.get(SLOT.stop) === 2) return
    ring.add(SLOT.pauses, 1)
    Atomics.wait(ring.counters, SLOT.stop, ring.get(SLOT.stop), data.pauseMs)
  }
}

function errnoOf(error: unknown): number {
  const errno = error instanceof Error && "errno" in error ? Number(error.errno) : EIO
  return errno === EINTR ? EIO : errno
}
