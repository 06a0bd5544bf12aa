/**
 * What BSM trails do not hold that audit_control could have asked for: classes of events that no record is of, and what
 * the policies argv and arge add to execs. It may also not have happened: the counts say of how many records.
 * Source of truth: audit_control(5), OpenBSM etc/audit_class.
 */
import { type CoverageCounts, eventsOfClass } from "../normalize/bsm/audit-coverage.ts"
import type { SqliteDatabase } from "../store/sqlite/open-readonly.ts"
import { countOf } from "./output/amounts.ts"

const MOST_HOSTS = 5

/** How to have all of it, for a root shell on the host; it counts from the next login on, or from a restart. */
export const AUDIT_CONTROL: readonly string[] = [
  "in /etc/security/audit_control: flags:lo,aa,ex,pc,nt  naflags:lo,aa,ex,pc,nt  policy:cnt,argv,arge",
  "then: audit -s",
]

/** Something that a trail holds none of. */
export interface Silence {
  /** A class of audit_control's flags, or a policy. */
  readonly setting: string
  readonly finding: string
  /** What the setting would have given. */
  readonly gives: string
}

export interface HostSilence {
  readonly host: string
  readonly silences: readonly Silence[]
}

/** Nothing for no records. */
export function findSilences(counts: CoverageCounts): Silence[] {
  if (counts.records === 0) return []
  const silences: Silence[] = []
  const note = (isSilent: boolean, setting: string, finding: string, gives: string): void => {
    if (isSilent) silences.push({ setting, finding, gives })
  }
  const { execs } = counts
  const told = countOf(execs, "exec")
  note(execs === 0, "flags ex", "no exec", "programs that were started")
  note(execs > 0 && counts.withArguments === 0, "policy argv", `no arguments in ${told}`, "command lines")
  note(execs > 0 && counts.withEnvironment === 0, "policy arge", `no environment in ${told}`, "environments")
  note(counts.lifetimes === 0, "flags pc", "no fork and no exit", "parents and ends of processes")
  note(counts.network === 0, "flags nt", "no network call", "connections and listening programs")
  note(counts.logins === 0, "flags lo", "no login or logout", "logins, su, ssh")
  note(
    counts.authentications === 0,
    "flags aa",
    "no authentication",
    "sudo, authentications and authorizations",
  )
  return silences
}

/** One clause; '' where nothing is missing. */
export function describeSilences(silences: readonly Silence[], records: number): string {
  if (silences.length === 0) return ""
  const findings = silences.map(({ setting, finding }) => `${finding} (${setting})`)
  return `${findings.join(", ")} among ${countOf(records, "BSM record")}: docs/bsm-policy.md says what audit_control would add`
}

interface HostCounts {
  readonly host: string
  readonly execs: number
  readonly withArguments: number
  readonly withEnvironment: number
  readonly lifetimes: number
  readonly network: number
  readonly logins: number
  readonly authentications: number
}

/** By host, from the rows of a case; null where no trail is in it. */
export function readAuditFlags(db: SqliteDatabase): readonly HostSilence[] | null {
  const records = recordsIn(db)
  if (records === 0) return null
  const hosts = db.prepare<[], HostCounts>(SQL).safeIntegers(false).all()
  const counted = hosts.length === 0 ? [{ host: "", ...NOTHING }] : hosts
  return counted
    .map((counts) => ({ host: counts.host, silences: findSilences({ ...counts, records }) }))
    .filter(({ silences }) => silences.length > 0)
}

function recordsIn(db: SqliteDatabase): number {
  const sql = "SELECT ifnull(sum(events), 0) AS records FROM _sources WHERE format = 'bsm'"
  const [row] = db.prepare<[], { readonly records: number }>(sql).safeIntegers(false).all()
  return row?.records ?? 0
}

/** The settings that are missing on some host, each with what it gives, and how many hosts lack it. */
export function missingSettings(hosts: readonly HostSilence[]): readonly (Silence & { hosts: number })[] {
  const found = new Map<string, Silence & { hosts: number }>()
  for (const { silences } of hosts) {
    for (const silence of silences) {
      const known = found.get(silence.setting)
      if (known === undefined) found.set(silence.setting, { ...silence, hosts: 1 })
      else known.hosts++
    }
  }
  return [...found.values()]
}

/** One sentence without the end; '' where nothing is missing. */
export function describeHostSilences(hosts: readonly HostSilence[]): string {
  const settings = missingSettings(hosts)
  if (settings.length === 0) return ""
  const texts = settings.map(({ setting, gives }) => `${gives} (${setting})`)
  const whose = hosts.length === 1 ? "the trails of a host" : `trails of ${hosts.length} hosts`
  return `${whose} hold no ${texts.join(", no ")}`
}

/** The hosts' names, as the evidence has them: escape before a terminal sees it. */
export function namesOf(hosts: readonly HostSilence[]): string {
  const named = hosts.slice(0, MOST_HOSTS).map(({ host }) => (host === "" ? "(no name)" : host))
  const more = hosts.length - named.length
  return `${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`
}

const NOTHING = {
  execs: 0,
  withArguments: 0,
  withEnvironment: 0,
  lifetimes: 0,
  network: 0,
  logins: 0,
  authentications: 0,
}
const NO_PROCESS = "0 AS execs, 0 AS withArguments, 0 AS withEnvironment, 0 AS lifetimes"
const typeIn = (name: "lo" | "aa"): string => `type IN (${eventsOfClass(name).join(", ")})`
const SQL = `SELECT host, sum(execs) AS execs, sum(withArguments) AS withArguments,
    sum(withEnvironment) AS withEnvironment, sum(lifetimes) AS lifetimes, sum(network) AS network,
    sum(logins) AS logins, sum(authentications) AS authentications
  FROM (
    SELECT host, event_type = 'exec' AND status = 0 AS execs,
      event_type = 'exec' AND status = 0 AND cmdline_size IS NOT NULL AS withArguments,
      event_type = 'exec' AND status = 0 AND env_count IS NOT NULL AS withEnvironment,
      event_type IN ('fork', 'exit') AS lifetimes, 0 AS network, 0 AS logins, 0 AS authentications
    FROM process_events WHERE source = 'openbsm'
    UNION ALL SELECT host, ${NO_PROCESS}, 1, 0, 0 FROM socket_events WHERE source = 'openbsm'
    UNION ALL SELECT host, ${NO_PROCESS}, 0, ${typeIn("lo")}, ${typeIn("aa")} FROM user_events WHERE source = 'openbsm'
  ) GROUP BY host ORDER BY host`
