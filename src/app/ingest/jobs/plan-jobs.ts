/**
 * Splits inputs into parts for several processes: whole chains, in order, of about equal size. What each part gives
 * depends on its inputs alone, so the number of processes does not show in the result.
 */
import { chainKey, groupChains } from "../../../sources/chain.ts"
import type { Input } from "../../../sources/find-inputs.ts"

/** Parts per process: small enough that the last one does not run alone for long. */
const PARTS_PER_JOB = 2
/** Starting a process costs as much as reading this. */
const LEAST_BYTES = 32 * 1024 * 1024

/** Paths of each part, in reading order; one part or none when splitting is not worth it, or not possible. */
export function planJobs(inputs: readonly Input[], jobs: number, leastBytes = LEAST_BYTES): string[][] {
  const total = inputs.reduce((sum, input) => sum + Math.max(0, input.size), 0)
  if (jobs < 2 || total < 2 * leastBytes || inputs.some((input) => !isPlain(input))) return []
  const target = Math.max(leastBytes, total / (jobs * PARTS_PER_JOB))
  const parts: string[][] = []
  let part: string[] = []
  let size = 0
  for (const chain of groupChains(inputs, (input) => chainKey({ path: input.path, member: "" })).values()) {
    for (const input of chain) {
      part.push(input.path)
      size += input.size
    }
    if (size < target) continue
    parts.push(part)
    part = []
    size = 0
  }
  if (part.length > 0) parts.push(part)
  return parts
}

/** A regular file that can be named again by the same text. */
function isPlain(input: Input): boolean {
  return input.kind === "file" && input.file.equals(Buffer.from(input.path, "utf8"))
}
