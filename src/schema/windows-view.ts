/**
 * The view windows_process_creation: the fields of 4688 and of Sysmon's 1 as columns, the columns of the query that
 * analysts run over osquery's windows_events first, in its order. It uses nothing but SQLite's own functions, so that
 * any tool can read it.
 */
import type { ViewSchema } from "./view-schema.ts"

const HEX_DIGITS = "0123456789abcdef"

/** SQL for the integer that a text like 0x3e7 (or 999) holds; NULL stays NULL, 64 bits are signed. */
function integerSql(column: string): string {
  const padded = `substr('0000000000000000' || lower(substr(${column}, 3)), -16)`
  const digits = Array.from({ length: 16 }, (_, at) => {
    return `(instr('${HEX_DIGITS}', substr(${padded}, ${at + 1}, 1)) - 1 << ${(15 - at) * 4})`
  })
  return `CASE WHEN ${column} GLOB '0x*[^0-9a-fA-F]*' OR length(${column}) NOT BETWEEN 1 AND 18 THEN NULL
    WHEN ${column} GLOB '0x?*' THEN ${digits.join(" | ")}
    WHEN ${column} NOT GLOB '*[^0-9]*' THEN CAST(${column} AS INTEGER) END`
}

const field = (name: string): string => `json_extract(data, '$.EventData.${name}')`

/** What stands behind the last backslash. */
const nameSql = (column: string): string =>
  `substr(${column}, length(rtrim(${column}, replace(${column}, '\\', ''))) + 1)`

const INTEGRITY: readonly (readonly [sid: string, word: string])[] = [
  ["S-1-16-0", "untrusted"],
  ["S-1-16-4096", "low"],
  ["S-1-16-8192", "medium"],
  ["S-1-16-8448", "medium plus"],
  ["S-1-16-12288", "high"],
  ["S-1-16-16384", "system"],
  ["S-1-16-20480", "protected"],
]

const cases = (pairs: readonly (readonly [string, string])[]): string =>
  pairs.map(([value, word]) => `WHEN '${value}' THEN '${word}'`).join(" ")

const isNamed = "target_username NOT IN ('', '-') AND target_logon_id IS NOT '0x0'"

const COLUMNS: readonly (readonly [name: string, sql: string, description: string])[] = [
  ["eventid", "eventid", "4688, or 1 of Sysmon"],
  [
    "cmdline",
    "cmdline",
    "command line; '' where the policy for it is off, NULL where the event has no such field",
  ],
  ["pid", integerSql("pid_hex"), "process id"],
  ["parent", integerSql("parent_hex"), "pid of the creator"],
  ["parent_path", "parent_path", "program of the creator, where the event names it"],
  ["path", "path", "program started"],
  ["uid", integerSql("uid_hex"), "logon id of the creator's account"],
  ["username", "username", "account of the creator"],
  ["domain", "domain", "its domain"],
  ["name", nameSql("path"), "file name of the program"],
  ["parent_name", nameSql("parent_path"), "file name of the creator's program"],
  ["pid_hex", "pid_hex", "pid as the event has it"],
  ["parent_hex", "parent_hex", "parent as the event has it"],
  ["uid_hex", "uid_hex", "logon id as the event has it"],
  [
    "target_username",
    `iif(${isNamed}, target_username, NULL)`,
    "account that it runs as, when that is another",
  ],
  ["target_domain", `iif(${isNamed}, target_domain, NULL)`, "domain of that account"],
  [
    "logon_id",
    `iif(${isNamed}, ${integerSql("target_logon_id")}, ${integerSql("uid_hex")})`,
    "logon that it runs in",
  ],
  [
    "elevation",
    `CASE elevation ${cases([
      ["%%1936", "default"],
      ["%%1937", "full"],
      ["%%1938", "limited"],
    ])} ELSE elevation END`,
    "kind of token: default, full (elevated) or limited",
  ],
  [
    "integrity",
    `CASE integrity ${cases(INTEGRITY)} ELSE lower(integrity) END`,
    "low, medium, high, system, …",
  ],
  ["cwd", "cwd", "working directory; Sysmon only"],
  ["computer", "computer_name", "host"],
  ["time", "time", "unix time in seconds"],
  ["datetime", "datetime", "time as the event has it"],
  ["record_id", "record_id", "EventRecordID"],
  ["source_id", "source_id", "_sources.id"],
  ["source_offset", "source_offset", "where in the source"],
]

export const WINDOWS_PROCESS_CREATION: ViewSchema = {
  name: "windows_process_creation",
  description: "Processes started on Windows, from windows_events: 4688 of the Security log and 1 of Sysmon.",
  columns: COLUMNS.map(([name, , description]) => ({ name, description })),
  sql: `CREATE VIEW windows_process_creation (${COLUMNS.map(([name]) => name).join(", ")}) AS
WITH created AS (
  SELECT eventid, ${field("CommandLine")} AS cmdline, ${field("NewProcessId")} AS pid_hex,
    ${field("ProcessId")} AS parent_hex, ${field("ParentProcessName")} AS parent_path, ${field("NewProcessName")} AS path,
    ${field("SubjectLogonId")} AS uid_hex, ${field("SubjectUserName")} AS username, ${field("SubjectDomainName")} AS domain,
    ${field("TargetUserName")} AS target_username, ${field("TargetDomainName")} AS target_domain,
    ${field("TargetLogonId")} AS target_logon_id, ${field("TokenElevationType")} AS elevation,
    ${field("MandatoryLabel")} AS integrity, NULL AS cwd, computer_name, time, datetime, record_id, source_id, source_offset
  FROM windows_events WHERE eventid = 4688 AND provider_name IN ('Microsoft-Windows-Security-Auditing', '')
  UNION ALL
  SELECT eventid, ${field("CommandLine")}, ${field("ProcessId")}, ${field("ParentProcessId")}, ${field("ParentImage")},
    ${field("Image")}, ${field("LogonId")}, substr(account, instr(account, '\\') + 1),
    substr(account, 1, max(0, instr(account, '\\') - 1)), NULL, NULL, NULL, NULL,
    ${field("IntegrityLevel")}, ${field("CurrentDirectory")}, computer_name, time, datetime, record_id, source_id, source_offset
  FROM (SELECT *, ${field("User")} AS account FROM windows_events
    WHERE eventid = 1 AND provider_name = 'Microsoft-Windows-Sysmon'))
SELECT ${COLUMNS.map(([, sql]) => sql).join(",\n  ")} FROM created`,
}
