/** The views of a case file, as data: their columns are documented from here, their SQL is run as it stands. */
import type { ViewSchema } from "./view-schema.ts"
import { WINDOWS_PROCESS_CREATION } from "./windows-view.ts"

const ISO = (column: string): string =>
  `strftime('%Y-%m-%dT%H:%M:%S', ${column} / 1000000000, 'unixepoch') || printf('.%03dZ', ${column} / 1000000 % 1000)`

const WHERE_FROM = "record_id, source_id, source_offset"

export const TIMELINE: ViewSchema = {
  name: "timeline",
  description: "All event tables in one, one line an event; order it by time_ns.",
  columns: [
    { name: "datetime", description: "time of the event, ISO 8601, UTC" },
    { name: "time_ns", description: "time of the event in unix nanoseconds" },
    { name: "host", description: "host" },
    { name: "event", description: "kind of event: exec, connect, USER_LOGIN, …" },
    { name: "pid", description: "process" },
    { name: "username", description: "user, where the evidence names one" },
    { name: "path", description: "program" },
    { name: "summary", description: "what happened, in one line" },
    { name: "table_name", description: "table that holds the whole row" },
    { name: "record_id", description: "audit serial, EventRecordID or sequence number" },
    { name: "source_id", description: "_sources.id" },
    { name: "source_offset", description: "where in the source" },
  ],
  sql: `CREATE VIEW timeline (datetime, time_ns, host, event, pid, username, path, summary, table_name, record_id, source_id, source_offset) AS
SELECT ${ISO("time_ns")}, time_ns, host, event_type, pid, username, path,
  CASE event_type WHEN 'exec' THEN iif(cmdline = '', path, cmdline) WHEN 'exit' THEN 'exit code ' || ifnull(exit_code, '?')
    WHEN 'fork' THEN 'by ' || ifnull(parent, '?') ELSE syscall END || iif(ifnull(status, 0) = 0, '', ' (errno ' || status || ')'),
  'process_events', ${WHERE_FROM} FROM process_events
UNION ALL SELECT ${ISO("time_ns")}, time_ns, host, action, pid, '', path,
  CASE WHEN socket <> '' THEN socket WHEN local_address <> '' THEN local_address || ifnull(':' || local_port, '')
    WHEN remote_address <> '' THEN remote_address || ifnull(':' || remote_port, '') ELSE 'family ' || ifnull(family, '?') END
    || iif(status = 'succeeded', '', ' (' || status || ')'),
  'socket_events', ${WHERE_FROM} FROM socket_events
UNION ALL SELECT ${ISO("time_ns")}, time_ns, host, event_type, pid, username, path, message, 'user_events', ${WHERE_FROM} FROM user_events
UNION ALL SELECT ${ISO("time_ns")}, time_ns, host, event_type, pid, '', executable,
  path || iif(dest_path = '', '', ' -> ' || dest_path), 'process_file_events', ${WHERE_FROM} FROM process_file_events
UNION ALL SELECT ${ISO("time_ns")}, time_ns, host, event_type, pid, '', exe, syscall || ' ' || code, 'seccomp_events', ${WHERE_FROM} FROM seccomp_events
UNION ALL SELECT ${ISO("time_ns")}, time_ns, host, event_type, NULL, '', '', message, 'selinux_events', ${WHERE_FROM} FROM selinux_events
UNION ALL SELECT ${ISO("time_ns")}, time_ns, host, event_type, pid, '', comm,
  operation || ' ' || name || iif(denied_mask = '', '', ' ' || denied_mask), 'apparmor_events', ${WHERE_FROM} FROM apparmor_events
UNION ALL SELECT ${ISO("time_ns")}, time_ns, host, 'windows ' || eventid, NULL, '', provider_name, data, 'windows_events', ${WHERE_FROM} FROM windows_events
UNION ALL SELECT ${ISO("time_ns")}, time_ns, host, 'script', NULL, '', script_path, script_text, 'powershell_events', ${WHERE_FROM} FROM powershell_events
UNION ALL SELECT ${ISO("time_ns")}, time_ns, host, 'dns', pid, username, path, name || ' ' || response, 'dns_lookup_events', ${WHERE_FROM} FROM dns_lookup_events
UNION ALL SELECT ${ISO("time_ns")}, time_ns, host, event_type, pid, '', path, filename || iif(dest_filename = '', '', ' -> ' || dest_filename),
  'es_process_file_events', ${WHERE_FROM} FROM es_process_file_events`,
}

export const PROCESSES: ViewSchema = {
  name: "processes",
  description:
    "Lifetimes: one row for each process that process_events shows, a reused pid being another process.",
  columns: [
    { name: "host", description: "host" },
    { name: "pid", description: "process id" },
    { name: "start_time", description: "its fork, or its first event, ISO 8601, UTC" },
    { name: "end_time", description: "its exit; NULL when the trail shows none" },
    { name: "parent", description: "parent pid" },
    { name: "path", description: "program that it ran last" },
    { name: "cmdline", description: "arguments of its last exec" },
    { name: "exec_chain", description: "programs that it ran, in order, apart by ' > '" },
    { name: "exit_code", description: "exit status" },
    { name: "auid", description: "login uid" },
    { name: "uid", description: "uid" },
    { name: "username", description: "name of uid, where the evidence names it" },
    { name: "events", description: "rows of process_events" },
    { name: "start_ns", description: "start in unix nanoseconds" },
    { name: "end_ns", description: "end in unix nanoseconds" },
  ],
  // A pid begins a new life with its fork, or with the first event after its process had ended. Windows has no forks:
  // there each start is one, unless it is the same start as the Security log and Sysmon both tell it, and so with ends.
  sql: `CREATE VIEW processes (host, pid, start_time, end_time, parent, path, cmdline, exec_chain, exit_code, auid, uid, username, events, start_ns, end_ns) AS
WITH seen AS (
  SELECT *, lag(syscall = 'exit_group' OR (source = 'windows' AND event_type = 'exit')) OVER life AS was_ended,
    lag(event_type = 'exec') OVER life AS was_exec, lag(lower(path)) OVER life AS was_path, lag(time_ns) OVER life AS was_ns
  FROM process_events WHERE pid IS NOT NULL
  WINDOW life AS (PARTITION BY host, pid ORDER BY time_ns, record_id, rowid)),
lives AS (
  SELECT *, sum(CASE WHEN event_type = 'fork' AND status = 0 THEN 1
    WHEN was_ended THEN NOT (source = 'windows' AND event_type = 'exit')
    WHEN source = 'windows' AND event_type = 'exec' AND was_exec THEN was_path <> lower(path) OR time_ns - was_ns > 2000000000
    ELSE 0 END)
    OVER (PARTITION BY host, pid ORDER BY time_ns, record_id, eid) AS life FROM seen),
firsts AS (
  SELECT host, pid, life, parent, path,
    row_number() OVER (PARTITION BY host, pid, life ORDER BY time_ns, record_id, eid) AS place FROM lives),
execs AS (
  SELECT host, pid, life, path, cmdline,
    group_concat(path, ' > ') OVER (PARTITION BY host, pid, life ORDER BY time_ns, record_id, eid) AS chain,
    row_number() OVER (PARTITION BY host, pid, life ORDER BY time_ns DESC, record_id DESC, eid DESC) AS place
  FROM lives WHERE event_type = 'exec' AND status = 0)
SELECT lives.host, lives.pid, ${ISO("min(lives.time_ns)")},
  ${ISO("max(lives.time_ns) FILTER (WHERE event_type = 'exit')")},
  firsts.parent, ifnull(execs.path, firsts.path), ifnull(execs.cmdline, ''), ifnull(execs.chain, ''),
  max(exit_code), max(auid), max(uid), max(username), count(*), min(time_ns),
  max(time_ns) FILTER (WHERE event_type = 'exit')
FROM lives
JOIN firsts ON firsts.host = lives.host AND firsts.pid = lives.pid AND firsts.life = lives.life AND firsts.place = 1
LEFT JOIN execs ON execs.host = lives.host AND execs.pid = lives.pid AND execs.life = lives.life AND execs.place = 1
GROUP BY lives.host, lives.pid, lives.life`,
}

export const VIEWS = [TIMELINE, PROCESSES, WINDOWS_PROCESS_CREATION] as const
