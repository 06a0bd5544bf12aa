/**
 * The process that a query runs in: it takes one request over IPC, writes the rows to stdout, and replies. SQLite
 * cannot be interrupted from JavaScript, so the parent kills this process when the time is up.
 */
import { once } from "node:events"
import { Worker } from "node:worker_threads"
import { LIMITS } from "../../base/limits.ts"
import { registerEmptyTables } from "../../store/sqlite/empty-tables.ts"
import { openReadonly } from "../../store/sqlite/open-readonly.ts"
import { prepareQuery, type QueryStatement } from "../../store/sqlite/query-guard.ts"
import { registerSqlFunctions } from "../../store/sqlite/sql-functions/index.ts"
import { RetrailError, UsageError } from "../errors.ts"
import { EXIT_CODES } from "../exit-codes.ts"
import type { RowPrinter } from "../output/row-printer.ts"
import { choosePrinter } from "./choose-printer.ts"
import { invalidSqlError, openError, runError } from "./query-errors.ts"
import type { QueryReply, QueryRequest } from "./query-request.ts"

/** Text is handed to the pipe in pieces of about this many characters. */
const WRITE_CHARACTERS = 64 * 1024

process.once("disconnect", () => process.exit())
process.once("message", (request: QueryRequest) => {
  watchMemory()
  answer(request).then(reply, (error: unknown) => reply(failure(error)))
})

function watchMemory(): void {
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf("."))
  const watch = new Worker(new URL(`./memory-watch${extension}`, import.meta.url), {
    workerData: { limitBytes: LIMITS.queryBytes.value, parentId: Number(process.argv[2]) },
  })
  watch.unref()
}

async function answer({ database, sql, output }: QueryRequest): Promise<QueryReply> {
  const opened = openReadonly(database)
  if (!opened.ok) throw openError(database, opened.failure, opened.detail)
  const { db } = opened
  registerSqlFunctions(db)
  registerEmptyTables(db)
  const query = prepareQuery(db, sql)
  if (query.kind === "refused") throw new UsageError(query.reason, "A query can only read.")
  if (query.kind === "invalid") throw invalidSqlError(db, sql, query.message)
  const printer = await choosePrinter(output, { sql, columns: query.statement.columns() })
  const rows = await printRows(query.statement, printer, database)
  return { kind: "done", rows, note: printer.note() }
}

async function printRows(statement: QueryStatement, printer: RowPrinter, database: string): Promise<number> {
  let rows = 0
  try {
    let text = printer.begin(statement.columns().map((column) => column.name))
    for (const values of statement.iterate()) {
      rows++
      text += printer.row(values)
      if (text.length < WRITE_CHARACTERS) continue
      await write(text)
      text = ""
    }
    await write(text + printer.end())
  } catch (error) {
    throw runError(error, database)
  }
  return rows
}

async function write(text: string): Promise<void> {
  if (text !== "" && !process.stdout.write(text)) await once(process.stdout, "drain")
}

function failure(error: unknown): QueryReply {
  if (error instanceof RetrailError) {
    const { exitCode, message, suggestion } = error
    return { kind: "failed", exitCode, message, suggestion }
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { kind: "failed", exitCode: EXIT_CODES.internal.code, message, suggestion: "" }
}

/** The reply goes out after the rows. */
function reply(message: QueryReply): void {
  process.stdout.end(() => process.send?.(message, () => process.disconnect()))
}
