/** Stretches of record ids, and the holes between them as gaps. */
import type { Gap } from "../../../base/problem.ts"

/** Ids from first to last, all there. */
export interface Stretch {
  first: number
  last: number
  /** Seconds since 1970. */
  firstSecond: number
  lastSecond: number
  offset: number
}

/** The ids that are missing between two stretches. */
export function hole(before: Stretch, after: Stretch, count: number): Gap {
  return {
    kind: "record-id-gap",
    what: count === 1 ? "1 record is missing." : `${count} records are missing.`,
    ...timesOf(before.lastSecond, after.firstSecond),
    fromId: String(before.last + 1),
    toId: String(after.first - 1),
    evidence: "EventRecordID of the records before and after",
    offset: after.offset,
  }
}

/** The same for the same hole. */
export function nameOf({ fromId = "", toId = "" }: Gap): string {
  return `${fromId}-${toId}`
}

export function timesOf(fromSecond: number, toSecond: number): Pick<Gap, "fromNs" | "toNs"> {
  return {
    ...(Number.isNaN(fromSecond) ? {} : { fromNs: BigInt(Math.round(fromSecond * 1000)) * 1_000_000n }),
    ...(Number.isNaN(toSecond) ? {} : { toNs: BigInt(Math.round(toSecond * 1000)) * 1_000_000n }),
  }
}
