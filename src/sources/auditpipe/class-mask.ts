/**
 * Audit classes that a capture asks for. Source of truth: osquery osquery/events/darwin/openbsm.cpp (which flag stands
 * for which classes).
 */
import { classMaskOf } from "../../formats/bsm/tables/classes.ts"

export interface WantedEvents {
  readonly processes: boolean
  readonly sockets: boolean
  readonly users: boolean
  readonly files: boolean
}

/**
 * Names of audit_class(5), in the order in which they are told. DEVIATION(osquery): class ex: it asks for pc alone,
 * which has every exec only as long as nobody edits audit_event; ex names them.
 */
export function classesFor({ processes, sockets, users, files }: WantedEvents): string[] {
  return [
    ...(processes ? ["pc", "ex"] : []),
    ...(sockets ? ["nt"] : []),
    ...(users ? ["lo", "aa"] : []),
    ...(files ? ["fc", "fd", "fw", "fr", "fa", "fm"] : []),
  ]
}

/** Success and failure alike. */
export function maskOf(classes: readonly string[]): number {
  return classMaskOf(classes)
}
