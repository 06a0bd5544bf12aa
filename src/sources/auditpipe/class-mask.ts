/**
 * Audit classes that a capture asks for. Source of truth: audit_class(5) of macOS and FreeBSD; osquery
 * osquery/events/darwin/openbsm.cpp (which flag stands for which classes).
 */

/** Bits of audit_class(5). */
export const AUDIT_CLASSES = {
  fr: 0x1,
  fw: 0x2,
  fa: 0x4,
  fm: 0x8,
  fc: 0x10,
  fd: 0x20,
  pc: 0x80,
  nt: 0x100,
  lo: 0x1000,
  aa: 0x2000,
  ex: 0x4000_0000,
} as const

export type AuditClass = keyof typeof AUDIT_CLASSES

export interface WantedEvents {
  readonly processes: boolean
  readonly sockets: boolean
  readonly users: boolean
  readonly files: boolean
}

/**
 * In the order in which they are told. DEVIATION(osquery): openbsm-ex: it asks for pc alone, which has every exec only
 * as long as nobody edits audit_event; ex names them.
 */
export function classesFor({ processes, sockets, users, files }: WantedEvents): AuditClass[] {
  return [
    ...(processes ? (["pc", "ex"] as const) : []),
    ...(sockets ? (["nt"] as const) : []),
    ...(users ? (["lo", "aa"] as const) : []),
    ...(files ? (["fc", "fd", "fw", "fr", "fa", "fm"] as const) : []),
  ]
}

export function maskOf(classes: readonly AuditClass[]): number {
  return classes.reduce((mask, name) => (mask | AUDIT_CLASSES[name]) >>> 0, 0)
}
