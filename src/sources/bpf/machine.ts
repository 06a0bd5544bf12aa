/** What of the machine decides how much memory rings take. Source of truth: sysfs(5), Documentation/ABI cpu. */
import { readFileSync } from "node:fs"

export interface Machine {
  readonly pageBytes: number
  readonly onlineCpus: readonly number[]
  /** CPUs that may come: maps with a value of each CPU have room for them. */
  readonly possibleCpus: number
}

export function readMachine(pageBytes: number): Machine {
  const onlineCpus = parseCpus(readFileSync("/sys/devices/system/cpu/online", "latin1"))
  const possible = parseCpus(readFileSync("/sys/devices/system/cpu/possible", "latin1"))
  return { pageBytes, onlineCpus, possibleCpus: (possible.at(-1) ?? 0) + 1 }
}

/** `0-3,8` */
export function parseCpus(text: string): number[] {
  const ranges = text.trim().split(",")
  return ranges.flatMap((range) => {
    const [first = 0, last = first] = range.split("-").map(Number)
    return Array.from({ length: last - first + 1 }, (_, index) => first + index)
  })
}
