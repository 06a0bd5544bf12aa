/**
 * Who a process id belongs to, for the sentence that names the owner of the audit socket.
 * Source of truth: proc(5) (/proc/PID/comm, /proc/PID/stat, /proc/sys/kernel/random/boot_id).
 */
import { readFileSync } from "node:fs"

export interface ProcessDescription {
  readonly pid: number
  readonly isAlive: boolean
  /** The command's name, which the process chose itself: escape it for a terminal. '' when it is not known. */
  readonly name: string
}

export function describeProcess(pid: number): ProcessDescription {
  const comm = processStartTime(pid) === undefined ? undefined : readProc(`${pid}/comm`)
  return { pid, isAlive: comm !== undefined, name: comm?.replace(/\n$/, "") ?? "" }
}

/** Clock ticks from boot to the start of a process; with the boot's id it tells a process from a later one. */
export function processStartTime(pid: number): string | undefined {
  return startTimeOf(readProc(`${pid}/stat`) ?? "")
}

/** Of the text of /proc/PID/stat; undefined when the process has ended, even if nobody has reaped it yet. */
export function startTimeOf(stat: string): string | undefined {
  // The name in parentheses may hold anything, parentheses and blanks too; the start is the 20th word behind it.
  const words = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
  return words[0] === "Z" || words[0] === "X" ? undefined : words[19]
}

export function bootId(): string {
  return readProc("sys/kernel/random/boot_id")?.trim() ?? ""
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(`/proc/${path}`, "utf8")
  } catch {
    return undefined
  }
}
