/**
 * One sample as `convert --records` gives it:
 *
 *   {"format":"perf-script","offset":0,"length":120,"time":null,"id":null,"type":"sched:sched_process_exec",
 *    "clock":"boot","ntime":2756415059000,"pid":null,"tid":1918,"cpu":0,"comm":"python3","fields":{…}}
 */
import { textOfBytes } from "../../base/text.ts"
import type { EventNames } from "../../formats/perf/events.ts"
import { CLOCK, FIELD, type Kind, type PerfSample } from "../../formats/perf/sample.ts"
import { timeText } from "./ring-json.ts"

const KINDS: Readonly<Record<Kind, string>> = {
  0: "sample",
  1: "comm",
  2: "fork",
  3: "exit",
  4: "mmap",
  5: "lost",
  6: "cgroup",
  7: "other",
}
const CLOCKS = ["unix", "estimated", "boot", "none"]

export function sampleJson(format: string, sample: PerfSample, names: EventNames): string {
  const { clock, kind, offset, length, second, nsec } = sample
  const isUnix = clock === CLOCK.unix || clock === CLOCK.estimated
  const name = names.nameOf(sample.event)
  const record = {
    format,
    offset,
    length,
    time: isUnix ? timeText(second, nsec) : null,
    id: null,
    type: name === "" ? KINDS[kind] : name,
    clock: CLOCKS[clock],
    ntime: clock === CLOCK.none ? null : exact(wide(sample.timeHigh, sample.timeLow)),
    pid: numberOrNull(sample.pid),
    tid: numberOrNull(sample.tid),
    cpu: numberOrNull(sample.cpu),
    comm: textOfBytes(sample.commBytes, sample.commFrom, sample.commTo),
    ...(sample.cgroup === "" ? {} : { cgroup: sample.cgroup }),
    fields: fieldsOf(sample),
  }
  return JSON.stringify(record)
}

/** A Map's keys may be `__proto__`; an object made from its entries keeps them as its own. */
function fieldsOf(sample: PerfSample): object {
  const entries: [string, unknown][] = []
  for (let field = 0; field < sample.fieldCount; field++) {
    entries.push([sample.fieldName(field), contentOf(sample, field)])
  }
  return Object.fromEntries(entries)
}

function contentOf(sample: PerfSample, field: number): unknown {
  const kind = sample.fieldKind(field)
  if (kind === FIELD.text) return textOfBytes(sample.bytes, sample.from(field), sample.to(field))
  if (kind === FIELD.bytes) return sample.bytes.toString("hex", sample.from(field), sample.to(field))
  return exact(BigInt.asIntN(64, wide(sample.high(field), sample.low(field))))
}

function wide(high: number, low: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low >>> 0)
}

/** A number where every reader of JSON keeps it exact, else text. */
function exact(value: bigint): number | string {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : String(value)
}

function numberOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value
}
