/**
 * Whether the flags are those that process and socket auditing needs. Source of truth: osquery's guide to process
 * auditing (the four options, socket auditing, troubleshooting), osquery osquery/events/audit_flags.cpp.
 */
import type { OsqueryFlags } from "../../../pipeline/flags/osquery-flags.ts"
import { countOf, countText } from "../../output/amounts.ts"
import { type Check, failed, noted, ok, warned, withAside } from "../check.ts"
import { type FoundFlags, readCaseFlags } from "./read-flags.ts"

interface Wanted {
  readonly name: string
  readonly value: boolean
  /** When it is otherwise: what follows from it. */
  readonly otherwise: string
  readonly judge: (name: string, finding: string, fix: string) => Check
  /** What `retrail capture audit` takes for granted unless it is given. */
  readonly isImplied?: true
}

const WANTED: readonly Wanted[] = [
  { name: "disable_events", value: false, judge: failed, otherwise: "there are no events at all" },
  {
    name: "disable_audit",
    value: false,
    judge: failed,
    isImplied: true,
    otherwise: "the audit socket is not opened",
  },
  {
    name: "audit_allow_config",
    value: true,
    judge: warned,
    isImplied: true,
    otherwise: "no rules are set, and audit is not switched on",
  },
  {
    name: "audit_persist",
    value: true,
    judge: warned,
    otherwise: "a socket that another program takes is not taken back",
  },
  {
    name: "audit_allow_process_events",
    value: true,
    judge: warned,
    otherwise: "process_events stays empty",
  },
  { name: "audit_allow_sockets", value: true, judge: noted, otherwise: "socket_events stays empty" },
]
/** Of what an author wrote, for eyes. */
const MOST_PROBLEMS = 5

/** @param found what the flag file says; null when it cannot be read */
export function checkFlagfile(found: FoundFlags | null): Check[] {
  if (found !== null) return judgeFlags("flags", found)
  return [failed("flags", "the flag file cannot be read", "--flagfile takes osquery's flag file.")]
}

/** Nothing is said of a case that no capture wrote. */
export function checkCaseFlags(path: string): Check[] {
  const found = readCaseFlags(path)
  return found === null ? [] : judgeFlags("case flags", found)
}

function judgeFlags(name: string, { flags, problems }: FoundFlags): Check[] {
  const isRight = (wanted: Wanted) => flags.bool(wanted.name) === wanted.value
  const right = WANTED.filter(isRight).map((wanted) => `${wanted.name}=${wanted.value}`)
  return [
    ...(right.length === 0 ? [] : [ok(name, right.join(", "))]),
    ...WANTED.filter((wanted) => !isRight(wanted)).map((wanted) => judgeFlag(name, flags, wanted)),
    checkExpiry(name, flags),
    ...checkProblems(name, problems),
  ]
}

function judgeFlag(check: string, flags: OsqueryFlags, wanted: Wanted): Check {
  const { name, value, otherwise, judge, isImplied } = wanted
  const fix = `Set --${name}=${value}`
  if (isImplied !== true || flags.isGiven(name))
    return judge(check, `${name}=${!value}: ${otherwise}`, `${fix}.`)
  const finding = `${name} is not set, thus ${!value}: ${otherwise}`
  return warned(check, finding, `${fix} for osquery; retrail capture audit takes it for granted.`)
}

/** The larger of what is said here and what the schedule needs is what counts. */
function checkExpiry(check: string, flags: OsqueryFlags): Check {
  const expiry = flags.int("events_expiry")
  const most = `at most ${countText(flags.int("events_max"))} batches a table`
  if (expiry === 0) return noted(check, `events_expiry=0: rows are kept for ever, ${most}`)
  return ok(check, `events_expiry=${expiry}: rows go after ${countOf(expiry, "second")}; ${most}`)
}

function checkProblems(check: string, problems: readonly string[]): Check[] {
  if (problems.length === 0) return []
  const shown = problems.slice(0, MOST_PROBLEMS).join("; ")
  const rest = problems.length > MOST_PROBLEMS ? "; …" : ""
  const finding = `${countOf(problems.length, "setting")} not understood`
  return [withAside(warned(check, finding, "docs/osquery-flags.md lists what is known."), shown + rest)]
}
