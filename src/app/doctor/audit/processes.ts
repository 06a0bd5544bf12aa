/** Processes that matter to the kernel's audit, by what proc(5) says of them (comm, cmdline, stat). */
import { startTimeOf } from "../../../sources/audit/owner.ts"
import type { Machine } from "../check.ts"

export interface ProcessFact {
  readonly pid: number
  /** Its first 15 bytes; the process chose it. */
  readonly name: string
}

/** The script or program that a capture is started by. */
const ENTRIES = /(?:^|\/)(?:retrail|run\.js)$/

/** Those whose name this user may read; null without proc(5). */
export function listProcesses(machine: Machine): readonly ProcessFact[] | null {
  const entries = machine.list("/proc")
  if (entries === null) return null
  return entries.flatMap((entry) => {
    const name = /^\d+$/.test(entry) ? textOf(machine, `/proc/${entry}/comm`) : undefined
    return name === undefined ? [] : [{ pid: Number(entry), name: name.replace(/\n$/, "") }]
  })
}

/**
 * Captures that run, by their command lines: a capture that may not configure leaves no note. Another program can
 * pass itself off as one, and all that it gains is that nothing is changed.
 */
export function findCaptures(machine: Machine, processes: readonly ProcessFact[]): readonly number[] {
  return processes.filter(({ pid }) => isCapture(machine, pid)).map(({ pid }) => pid)
}

/** undefined when there is no such process, or it has ended. */
export function startOf(machine: Machine, pid: number): string | undefined {
  return startTimeOf(textOf(machine, `/proc/${pid}/stat`) ?? "")
}

function isCapture(machine: Machine, pid: number): boolean {
  const words = textOf(machine, `/proc/${pid}/cmdline`)?.split("\0") ?? []
  const at = words.findIndex((word, index) => word === "capture" && words[index + 1] === "audit")
  return at > 0 && ENTRIES.test(words[at - 1] ?? "") && startOf(machine, pid) !== undefined
}

function textOf(machine: Machine, path: string): string | undefined {
  const look = machine.look(path)
  return look.kind === "text" ? look.text : undefined
}
