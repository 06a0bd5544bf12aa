/** Whether a case file is whole, and whether a run was cut off in it. Source: sqlite.org/tempfiles.html, pragma.html. */
import { statSync } from "node:fs"
import { describeForeign } from "../../store/sqlite/open-case-readonly.ts"
import { type OpenFailure, openReadonly, type SqliteDatabase } from "../../store/sqlite/open-readonly.ts"
import { isAlive, readWriter } from "../../store/sqlite/writer-mark.ts"
import { AUDIT_CONTROL, describeHostSilences, namesOf, readAuditFlags } from "../audit-flags.ts"
import { describeSilence, readCommandLines, SWITCH_ON, silentHostNames } from "../command-lines.ts"
import { type Check, failed, noted, ok, warned, withAside } from "./check.ts"

const AGAIN = "Run the same command again: it goes on where the case stands."
const CLEAR_UP = "Capture or ingest into it again: that clears up. Keep the -wal file beside it until then."
const SALVAGE = "Ingest the logs again, or salvage what is left with: sqlite3 FILE .recover"

/** Only reads; a journal is never rolled back from here. */
export function checkCase(path: string): Check[] {
  const journal = checkJournal(path)
  const opened = openReadonly(path)
  if (!opened.ok) return [describeFailure(opened.failure), ...(opened.failure === "missing" ? [] : journal)]
  try {
    return [...journal, ...checkOpened(opened.db)]
  } catch (error) {
    return [...journal, describeError(error)]
  } finally {
    opened.db.close()
  }
}

function checkOpened(db: SqliteDatabase): Check[] {
  const foreign = describeForeign(db)
  if (foreign !== "") return [failed("case", foreign, "-d takes the file that retrail ingest wrote.")]
  const complaint = String(db.pragma("quick_check(1)", { simple: true }))
  if (complaint !== "ok") return [failed("case", `damaged: ${complaint}`, SALVAGE)]
  const writer = readWriter(db)
  const isLive = writer !== null && isAlive(writer)
  const capture = writer === null ? [] : [checkWriter(writer.pid, isLive)]
  const runs = [checkRuns(db, isLive), checkSources(db, isLive)]
  return [
    ok("case", "whole (quick_check)"),
    ...capture,
    ...runs,
    ...checkCommandLines(db),
    ...checkAuditFlags(db),
  ]
}

/** Nothing where no Windows host tells of processes. */
function checkCommandLines(db: SqliteDatabase): Check[] {
  const commandLines = readCommandLines(db)
  if (commandLines.processCreations === 0n) return []
  const silence = describeSilence(commandLines)
  if (silence === "") return [ok("command lines", "every host that logs process creations (4688) tells them")]
  const fix = `As an administrator on the host: ${SWITCH_ON.join(" & ")}`
  return [withAside(warned("command lines", silence, fix), silentHostNames(commandLines))]
}

/** Nothing where the case has no BSM trail. */
function checkAuditFlags(db: SqliteDatabase): Check[] {
  const hosts = readAuditFlags(db)
  if (hosts === null) return []
  const silence = describeHostSilences(hosts)
  if (silence === "") return [ok("audit flags", "the BSM trails hold execs, sockets and users of every host")]
  return [
    withAside(
      warned("audit flags", silence, `As root on the host, ${AUDIT_CONTROL.join("; ")}`),
      namesOf(hosts),
    ),
  ]
}

function checkWriter(pid: number, isLive: boolean): Check {
  if (isLive) return noted("capture", `being written by a capture (pid ${pid})`)
  return warned("capture", "a capture was killed while it wrote: what it committed is there", CLEAR_UP)
}

/** What is not at its end: expected while a capture writes, else the trace of one that was killed. */
function checkRuns(db: SqliteDatabase, isLive: boolean): Check {
  const sql = "SELECT count(*) AS runs, count(*) FILTER (WHERE ended = '') AS unfinished FROM _runs"
  const { runs, unfinished } = db.prepare(sql).get() as { runs: bigint; unfinished: bigint }
  if (unfinished === 0n) return ok("runs", `${runs}, all ended`)
  if (isLive) return noted("runs", `${unfinished} of ${runs} not ended`)
  return warned("runs", `${unfinished} of ${runs} never ended: killed, or still at work`, AGAIN)
}

function checkSources(db: SqliteDatabase, isLive: boolean): Check {
  const sql = `SELECT count(*) AS sources, count(*) FILTER (WHERE state = 'reading') AS unfinished FROM _sources`
  const { sources, unfinished } = db.prepare(sql).get() as { sources: bigint; unfinished: bigint }
  if (unfinished === 0n) return ok("sources", `${sources}, none half read`)
  if (isLive) return noted("sources", `${unfinished} of ${sources} being read`)
  return warned("sources", `${unfinished} of ${sources} read in part only`, AGAIN)
}

function checkJournal(path: string): Check[] {
  const isThere = (suffix: string) => (statSync(path + suffix, { throwIfNoEntry: false })?.size ?? 0) > 0
  if (isThere("-journal")) {
    const finding = "a journal lies beside it: a commit was cut off, or is being made"
    return [warned("journal", finding, `${AGAIN} Do not delete the journal.`)]
  }
  if (isThere("-wal")) {
    return [
      noted(
        "journal",
        "a write-ahead log lies beside it: its last rows are in there",
        "Keep both files together.",
      ),
    ]
  }
  return [ok("journal", "none: every commit is complete")]
}

function describeFailure(failure: OpenFailure): Check {
  switch (failure) {
    case "missing":
      return failed("case", "it does not exist", "Create it with: retrail ingest PATH… -d case.db")
    case "no-permission":
      return failed("case", "this account may not read it", "Run as its owner, or look at a copy.")
    case "locked":
      return warned("case", "another process is writing it", "Look again when that process is done.")
    case "cut-off":
      return warned("case", "a run was killed while it wrote", AGAIN)
    case "not-a-file":
    case "not-a-database":
    case "not-a-case":
      return failed("case", "it is no case", "-d takes the file that retrail ingest wrote.")
    case "damaged":
    case "unreadable":
      return failed("case", `it cannot be opened (${failure})`, SALVAGE)
  }
}

function describeError(error: unknown): Check {
  const code = error instanceof Error && "code" in error ? String(error.code) : ""
  if (code.startsWith("SQLITE_BUSY")) return describeFailure("locked")
  if (code.startsWith("SQLITE_")) return failed("case", `it cannot be read (${code})`, SALVAGE)
  throw error
}
