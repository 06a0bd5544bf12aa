/**
 * Whether Windows hosts tell the command lines of the processes that they start: 4688 has them only where a policy says
 * so, and by default none does.
 * Source of truth: learn.microsoft.com "Command line process auditing".
 */
import type { SqliteDatabase } from "../store/sqlite/open-readonly.ts"

const MOST_HOSTS = 5

/** How to switch it on, for an administrator's prompt on the host; it counts for processes started afterwards. */
export const SWITCH_ON: readonly string[] = [
  'auditpol /set /subcategory:"Process Creation" /success:enable',
  String.raw`reg add HKLM\Software\Microsoft\Windows\CurrentVersion\Policies\System\Audit /v ProcessCreationIncludeCmdLine_Enabled /t REG_DWORD /d 1`,
]

export interface CommandLines {
  /** 4688 events of hosts that tell no command line in any of them. */
  readonly silent: bigint
  readonly silentHosts: readonly string[]
  /** 4688 events of all hosts. */
  readonly processCreations: bigint
}

interface HostCounts {
  readonly host: string
  readonly events: bigint
  readonly told: bigint
}

export function readCommandLines(db: SqliteDatabase): CommandLines {
  const sql = `SELECT host, count(*) AS events, count(*) FILTER (WHERE
      CASE WHEN json_valid(data) THEN ifnull(json_extract(data, '$.EventData.CommandLine'), '') <> '' ELSE 0 END) AS told
    FROM windows_events WHERE eventid = 4688 AND provider_name IN ('Microsoft-Windows-Security-Auditing', '')
    GROUP BY host ORDER BY host`
  const hosts = db.prepare<[], HostCounts>(sql).all()
  const silent = hosts.filter(({ told }) => told === 0n)
  return {
    silent: sum(silent),
    silentHosts: silent.map(({ host }) => host),
    processCreations: sum(hosts),
  }
}

/** One sentence; '' when every host tells command lines, and when there are no 4688 events. */
export function describeSilence({ silent, silentHosts }: CommandLines): string {
  if (silent === 0n) return ""
  const count = silentHosts.length
  const hosts = count === 1 ? "a host" : `${count} hosts`
  return `none of the ${silent} process creations (4688) of ${hosts} tells a command line: the policy for it is off there`
}

/** The hosts' names, as the evidence has them: escape before a terminal sees it. */
export function silentHostNames({ silentHosts }: CommandLines): string {
  const named = silentHosts.slice(0, MOST_HOSTS).map((host) => (host === "" ? "(no name)" : host))
  const more = silentHosts.length - named.length
  return `${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`
}

const sum = (hosts: readonly HostCounts[]): bigint => hosts.reduce((total, { events }) => total + events, 0n)
