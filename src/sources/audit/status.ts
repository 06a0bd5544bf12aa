/**
 * The kernel's audit status: what AUDIT_GET answers and AUDIT_SET takes.
 *
 *   u32 mask enabled failure pid rate_limit backlog_limit lost backlog
 *       feature_bitmap backlog_wait_time backlog_wait_time_actual
 *
 * Older kernels end earlier: the bitmap came with 3.15, the wait time with it, the time waited with 5.9.
 * Source of truth: include/uapi/linux/audit.h (struct audit_status).
 */

const WORDS = 11
/** Through `backlog`: what every kernel sends. */
const LEAST_BYTES = 32

export interface AuditStatus {
  /** Of AUDIT_SET: which words count. */
  readonly mask: number
  /** 0 off, 1 on, 2 on and locked until the next boot. */
  readonly enabled: number
  /** What the kernel does when it cannot deliver: 0 nothing, 1 print, 2 panic. */
  readonly failure: number
  /** The owner's process id in the initial namespace; 0 for none. */
  readonly pid: number
  readonly rateLimit: number
  readonly backlogLimit: number
  /** Records that could not be begun since boot, or since somebody reset it; wraps at 2^32. */
  readonly lost: number
  /** Records that wait in the kernel. */
  readonly backlog: number
  readonly featureBitmap: number | null
  /** How long a process waits for room in the backlog, in jiffies. */
  readonly backlogWaitTime: number | null
  /** How long processes did wait, in jiffies, since boot or a reset. */
  readonly backlogWaitTimeActual: number | null
}

/** What can be set, each by its bit in `mask` and its word. */
const SETTABLE = {
  enabled: { bit: 0x01, word: 1 },
  failure: { bit: 0x02, word: 2 },
  pid: { bit: 0x04, word: 3 },
  rateLimit: { bit: 0x08, word: 4 },
  backlogLimit: { bit: 0x10, word: 5 },
  backlogWaitTime: { bit: 0x20, word: 9 },
} as const

export type SettableWords = { readonly [Name in keyof typeof SETTABLE]?: number }

/** null when the bytes are shorter than any kernel's answer. */
export function decodeStatus(payload: Buffer): AuditStatus | null {
  if (payload.length < LEAST_BYTES) return null
  const word = (index: number) => payload.readUInt32LE(index * 4)
  const later = (index: number) => (payload.length >= index * 4 + 4 ? word(index) : null)
  return {
    mask: word(0),
    enabled: word(1),
    failure: word(2),
    pid: word(3),
    rateLimit: word(4),
    backlogLimit: word(5),
    lost: word(6),
    backlog: word(7),
    featureBitmap: later(8),
    backlogWaitTime: later(9),
    backlogWaitTimeActual: later(10),
  }
}

/** The payload of an AUDIT_SET that changes just these words. */
export function encodeChange(change: SettableWords): Buffer {
  const payload = Buffer.alloc(WORDS * 4)
  let mask = 0
  for (const [name, { bit, word }] of Object.entries(SETTABLE)) {
    const value = change[name as keyof typeof SETTABLE]
    if (value === undefined) continue
    mask |= bit
    payload.writeUInt32LE(value, word * 4)
  }
  payload.writeUInt32LE(mask, 0)
  return payload
}
