/** Use case: say what evidence is and what it holds, without keeping anything. */
import type { Gap, Problem } from "../../base/problem.ts"
import type { TableSchema } from "../../schema/column.ts"
import { EXIT_CODES } from "../exit-codes.ts"
import { NO_PROGRESS, type Progress } from "../progress.ts"
import { type ReadSource, readSources } from "../reading/read-sources.ts"
import { CountingWriter } from "./counting-writer.ts"

export interface InspectOptions {
  readonly paths: readonly string[]
  /** Format to assume instead of what the bytes say. */
  readonly format?: string
  readonly stdin?: AsyncIterable<Uint8Array>
  readonly progress?: Progress
  readonly signal?: AbortSignal
}

/** What one source is. Times in seconds since 1970, sizes in bytes, null where not known. */
export interface Inspection {
  readonly path: string
  readonly member: string
  readonly packing: string
  readonly size: number | null
  readonly state: "recognised" | "unrecognised" | "empty" | "refused" | "archive"
  /** '' unless recognised. */
  readonly format: string
  readonly variant: string
  readonly title: string
  readonly confidence: string
  /** What in the bytes says so; what they look like; or why it is not read. */
  readonly why: string
  readonly records: number
  readonly rejected: number
  readonly otherLines: number
  readonly events: number
  readonly firstTime: number | null
  readonly lastTime: number | null
  readonly hosts: readonly string[]
  /** What a person should know, one clause each. */
  readonly remarks: readonly string[]
  /** Rows that an ingest would write, by table. */
  readonly rows: Readonly<Record<string, number>>
  /** By code; `info` ones are not counted. */
  readonly problems: Readonly<Record<string, number>>
  /** By kind. */
  readonly gaps: Readonly<Record<string, number>>
}

interface Counts {
  readonly rows: Map<string, number>
  readonly problems: Map<string, number>
  readonly gaps: Map<string, number>
}

/** Reads everything named from end to end. Throws MissingInputError when nothing named exists. */
export async function inspect(options: InspectOptions): Promise<Inspection[]> {
  const counts = new Map<number, Counts>()
  const countsOf = (sourceId: number): Counts => {
    const known = counts.get(sourceId)
    if (known !== undefined) return known
    const fresh = { rows: new Map(), problems: new Map(), gaps: new Map() }
    counts.set(sourceId, fresh)
    return fresh
  }
  const { paths, format, stdin, progress = NO_PROGRESS, signal } = options
  const sources = await readSources({
    paths,
    host: "",
    progress,
    writer: new CountingWriter((table: TableSchema, sourceId: number) =>
      increase(countsOf(sourceId).rows, table.name),
    ),
    ...(format === undefined ? {} : { format }),
    ...(stdin === undefined ? {} : { stdin }),
    ...(signal === undefined ? {} : { signal }),
    onProblem: (problem: Problem, source: ReadSource) => {
      if (problem.severity !== "info") increase(countsOf(source.id).problems, problem.code)
    },
    onGap: (gap: Gap, _host: string, source: ReadSource) => increase(countsOf(source.id).gaps, gap.kind),
  })
  return sources.map((source) => inspectionOf(source, countsOf(source.id)))
}

/** Nothing recognised is a failure; something wrong with a part is a remark. */
export function inspectExitCode(inspections: readonly Inspection[]): number {
  if (!inspections.some(({ state }) => state === "recognised" || state === "empty")) {
    return EXIT_CODES.unrecognised.code
  }
  const isFine = ({ state, problems }: Inspection) =>
    state !== "unrecognised" && Object.keys(problems).length === 0
  return inspections.every(isFine) ? EXIT_CODES.done.code : EXIT_CODES.problemsRecorded.code
}

function inspectionOf({ facts, choice, tally }: ReadSource, counts: Counts): Inspection {
  const { path, member, packing, storedSize } = facts
  const { records, rejected, otherLines, events, firstTime, lastTime, hosts, remarks } = tally
  return {
    path,
    member,
    packing,
    size: storedSize < 0 ? null : storedSize,
    ...verdictOf(choice),
    records,
    rejected,
    otherLines,
    events,
    firstTime: Number.isNaN(firstTime) ? null : firstTime,
    lastTime: Number.isNaN(lastTime) ? null : lastTime,
    hosts: [...hosts].sort(),
    remarks,
    rows: sortedObject(counts.rows),
    problems: sortedObject(counts.problems),
    gaps: sortedObject(counts.gaps),
  }
}

type Verdict = Pick<Inspection, "state" | "format" | "variant" | "title" | "confidence" | "why">

function verdictOf(choice: ReadSource["choice"]): Verdict {
  const none = { format: "", variant: "", title: "", confidence: "" }
  switch (choice.kind) {
    case "format": {
      const { format, variant, title, confidence, why } = choice.detection
      return { state: "recognised", format, variant, title, confidence, why }
    }
    case "unrecognised":
      return { state: "unrecognised", ...none, why: choice.looksLike }
    case "refused":
      return { state: "refused", ...none, why: choice.problems[0]?.message ?? "" }
    case "archive":
      return { state: "archive", ...none, why: "what is in it is listed by itself" }
    case "empty":
      return { state: "empty", ...none, why: "it has no bytes" }
  }
}

function increase(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

/** The keys are names of ours, never of the input. */
function sortedObject(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)))
}
