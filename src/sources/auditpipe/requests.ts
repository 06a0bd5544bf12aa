/**
 * The ioctl requests of an audit pipe, the same numbers on macOS and FreeBSD.
 * Source of truth: auditpipe(4); security/audit/audit_ioctl.h and sys/ioccom.h of both (direction, bytes, 'A', number).
 *
 *   0x40000000 out, 0x80000000 in, 0x20000000 neither | bytes << 16 | group << 8 | number
 */

export interface PipeRequest {
  readonly number: number
  /** Size of the argument. */
  readonly bytes: 0 | 4 | 8 | 12
}

export const PIPE_REQUESTS = {
  getQueueLength: { number: 0x40044101, bytes: 4 },
  getQueueLimit: { number: 0x40044102, bytes: 4 },
  setQueueLimit: { number: 0x80044103, bytes: 4 },
  getQueueLimitMin: { number: 0x40044104, bytes: 4 },
  getQueueLimitMax: { number: 0x40044105, bytes: 4 },
  getPreselectFlags: { number: 0x40084106, bytes: 8 },
  setPreselectFlags: { number: 0x80084107, bytes: 8 },
  getPreselectNaflags: { number: 0x40084108, bytes: 8 },
  setPreselectNaflags: { number: 0x80084109, bytes: 8 },
  getPreselectAuid: { number: 0x400c410a, bytes: 12 },
  setPreselectAuid: { number: 0x800c410b, bytes: 12 },
  deletePreselectAuid: { number: 0x8004410c, bytes: 4 },
  flushPreselectAuid: { number: 0x2000410d, bytes: 0 },
  getPreselectMode: { number: 0x4004410e, bytes: 4 },
  setPreselectMode: { number: 0x8004410f, bytes: 4 },
  flush: { number: 0x20004110, bytes: 0 },
  getMaxAuditData: { number: 0x40044111, bytes: 4 },
  getInserts: { number: 0x40084164, bytes: 8 },
  getReads: { number: 0x40084165, bytes: 8 },
  getDrops: { number: 0x40084166, bytes: 8 },
  getTruncates: { number: 0x40084167, bytes: 8 },
  /** FIONBIO, of every descriptor: the pipe does not look at O_NONBLOCK of its open(2), only at this. */
  setNonBlocking: { number: 0x8004667e, bytes: 4 },
} as const satisfies Record<string, PipeRequest>

export type PipeRequestName = keyof typeof PIPE_REQUESTS

/** Values of the preselection mode. */
export const PRESELECT_TRAIL = 1
export const PRESELECT_LOCAL = 2
