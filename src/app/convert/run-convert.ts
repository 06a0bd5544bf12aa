/** Use case: rows or decoded records of saved evidence as CSV, JSON or osquery's lines, without a database. */
import { nearestNames } from "../../base/nearest-names.ts"
import type { Problem } from "../../base/problem.ts"
import type { ScriptOptions } from "../../formats/perf/perf-data/script-renderer.ts"
import { OsquerySink } from "../../pipeline/results/osquery-sink.ts"
import { CsvSink } from "../../rows/csv-sink.ts"
import { JsonLinesSink, JsonSink } from "../../rows/json-sink.ts"
import type { TableSchema } from "../../schema/column.ts"
import type { RowSink } from "../../schema/row-writer.ts"
import { EVENT_TABLES } from "../../schema/tables/index.ts"
import { CannotCreateError, UsageError } from "../errors.ts"
import { CountingWriter } from "../ingest/run-dry.ts"
import type { Progress } from "../progress.ts"
import { readSources } from "../reading/read-sources.ts"
import type { Accounts, BsmChoice, WindowsChoice } from "../reading/reader.ts"
import { type ConvertOutcome, OutcomeBuilder } from "./outcome.ts"
import { type OutputFile, openOutput } from "./output-file.ts"
import {
  BSM_FORMATS,
  isBsmFormat,
  type PrauditChoice,
  prauditOptions,
  refuseTerminal,
} from "./praudit-records.ts"
import { RecordFile } from "./record-file.ts"
import { scriptOptions } from "./script-options.ts"

export const CONVERT_FORMATS = [
  "csv",
  "json",
  "jsonl",
  "osquery",
  "xml",
  ...BSM_FORMATS,
  "perf-script",
] as const
export type ConvertFormat = (typeof CONVERT_FORMATS)[number]

export interface ConvertRequest {
  readonly paths: readonly string[]
  readonly to: ConvertFormat
  /** A file, or a folder for CSV of several tables; stdout when absent. */
  readonly output?: string
  readonly isForced: boolean
  readonly table?: string
  /** Source records decoded in full instead of rows. */
  readonly isRecords: boolean
  readonly escapesFormulas: boolean
  /** osquery: numbers as numbers. */
  readonly numerics: boolean
  readonly host: string
  readonly accounts?: Accounts
  readonly start?: number
  readonly end?: number
  readonly format?: string
  readonly windows?: WindowsChoice
  readonly bsm?: BsmChoice
  /** Of praudit and praudit-xml. */
  readonly praudit?: PrauditChoice
  /** Of perf-script. */
  readonly perfScript?: ScriptOptions
  readonly progress: Progress
  readonly signal: AbortSignal
}

/** @throws UsageError, CannotCreateError, MissingInputError */
export async function runConvert(request: ConvertRequest): Promise<ConvertOutcome> {
  if (isRecordFormat(request.to) || request.isRecords) return convertRecords(request)
  prauditOptions(request.to, request.praudit, undefined, -1)
  scriptOptions(request.to, request.perfScript)
  return convertRows(request)
}

function isRecordFormat(to: ConvertFormat): boolean {
  return to === "xml" || to === "perf-script" || isBsmFormat(to)
}

async function convertRows(request: ConvertRequest): Promise<ConvertOutcome> {
  const table = request.table === undefined ? undefined : findTable(request.table)
  const outcome = new OutcomeBuilder()
  const target = await openTarget(request, table)
  try {
    const sources = await readSources({
      ...request,
      writer: target.sink,
      ...(table === undefined ? {} : { tables: new Set([table.name]) }),
      onProblem: (problem, source) => outcome.problem(problem, source),
    })
    target.sink.close()
    target.file?.finish()
    return outcome.finish(sources, target.sink.counts, request.signal.aborted)
  } catch (error) {
    target.file?.abandon()
    throw error
  }
}

interface Target {
  readonly sink: RowSink
  readonly file?: OutputFile
}

async function openTarget(request: ConvertRequest, table: TableSchema | undefined): Promise<Target> {
  const { to, output, isForced, escapesFormulas } = request
  if (to === "csv" && table === undefined) {
    if (output === undefined) {
      throw new UsageError(
        "CSV of several tables needs a folder",
        "Give -o FOLDER for one file a table, or --table process_events for one table.",
      )
    }
    return { sink: await openFolder(output, isForced, escapesFormulas) }
  }
  const file = openOutput(output, isForced)
  if (to === "csv" && table !== undefined) {
    return { sink: new CsvSink(table, file.descriptor, { escapeFormulas: escapesFormulas }), file }
  }
  if (to === "osquery") return { sink: openLines(request, file.descriptor), file }
  return { sink: to === "json" ? new JsonSink(file.descriptor) : new JsonLinesSink(file.descriptor), file }
}

function openLines({ numerics, host }: ConvertRequest, descriptor: number): RowSink {
  return new OsquerySink(descriptor, { numerics, host, nowS: Math.floor(Date.now() / 1000) })
}

async function openFolder(path: string, isForced: boolean, escapesFormulas: boolean): Promise<RowSink> {
  const { CsvDirectorySink } = await import("../../rows/csv-directory-sink.ts")
  try {
    return new CsvDirectorySink(path, { force: isForced, escapeFormulas: escapesFormulas })
  } catch (error) {
    throw new CannotCreateError(
      `the folder ${path} cannot be made (${(error as NodeJS.ErrnoException).code})`,
    )
  }
}

/** Records as JSON, one object each, as XML or in a form of BSM; rows are not made. */
async function convertRecords(request: ConvertRequest): Promise<ConvertOutcome> {
  const { to, output, isForced, table } = request
  if (to === "csv" || to === "osquery")
    throw new UsageError("records have no columns", "Use -t jsonl or -t json with --records.")
  if (table !== undefined)
    throw new UsageError("--records and --table exclude each other", "Records belong to no table.")
  const outcome = new OutcomeBuilder()
  const file = openOutput(output, isForced)
  try {
    refuseTerminal(to, file.descriptor)
    const praudit = prauditOptions(to, request.praudit, request.accounts, file.descriptor)
    const perfScript = scriptOptions(to, request.perfScript)
    const records = new RecordFile(file.descriptor, to, praudit, perfScript)
    const sources = await readSources({
      ...request,
      writer: new CountingWriter(),
      records,
      onProblem: (problem: Problem, source) => outcome.problem(problem, source),
    })
    records.finish()
    file.finish()
    return outcome.finish(sources, new Map([["records", records.count]]), request.signal.aborted)
  } catch (error) {
    file.abandon()
    throw error
  }
}

function findTable(name: string): TableSchema {
  const table = EVENT_TABLES.find((schema) => schema.name === name)
  if (table !== undefined) return table
  const near = nearestNames(
    name,
    EVENT_TABLES.map((schema) => schema.name),
  )
  const names =
    near.length > 0
      ? `Did you mean: ${near.join(", ")}?`
      : `There are: ${EVENT_TABLES.map((t) => t.name).join(", ")}.`
  throw new UsageError(`there is no table ${name}`, names)
}
