/** Reads a case's inputs the way convert does, into the two texts that its expected files hold. */
import { basename, join } from "node:path"
import type { Gap, Problem } from "../../base/problem.ts"
import { JsonLinesSink } from "../../rows/json-sink.ts"
import { NO_PROGRESS } from "../progress.ts"
import { type ReadSource, readSources } from "../reading/read-sources.ts"
import type { CaseMeta } from "./case-meta.ts"

export interface CaseResult {
  /** Rows as JSON lines, in the order written. */
  readonly rows: Buffer
  /** A line a source with its counts, then its problems and gaps in the order of their place. JSON lines. */
  readonly problems: Buffer
  /** In reading order. */
  readonly sources: readonly ReadSource[]
  /** Records that came after their event had ended, each then an event of its own. */
  readonly lateRecords: number
  /** Problems that tell of a line that is more or less than one record: one begins inside it, or it holds NULs. */
  readonly dividedLines: number
}

const DIVIDING: ReadonlySet<string> = new Set(["linux-audit/merged-lines", "linux-audit/nul-bytes"])

/** @param inputs names of files in `folder` */
export async function readCase(
  folder: string,
  inputs: readonly string[],
  meta: Pick<CaseMeta, "host" | "modifiedMs">,
): Promise<CaseResult> {
  const rows: Buffer[] = []
  const found: Found[] = []
  let lateRecords = 0
  let dividedLines = 0
  const writer = new JsonLinesSink((bytes) => rows.push(Buffer.from(bytes)))
  const sources = await readSources({
    paths: inputs.map((name) => join(folder, name)),
    writer,
    host: meta.host,
    modifiedMs: meta.modifiedMs,
    progress: NO_PROGRESS,
    onProblem: (problem, source) => {
      if (problem.code === "linux-audit/late-record") lateRecords++
      if (DIVIDING.has(problem.code)) dividedLines++
      found.push(describeProblem(problem, source))
    },
    onGap: (gap, host, source) => found.push(describeGap(gap, host, source)),
  })
  writer.close()
  for (const source of sources) found.push(describeSource(source))
  found.sort(byPlace)
  const problems = Buffer.from(found.map(({ line }) => `${line}\n`).join(""))
  return { rows: Buffer.concat(rows), problems, sources, lateRecords, dividedLines }
}

interface Found {
  readonly sourceId: number
  readonly offset: number
  readonly length: number
  readonly line: string
}

function byPlace(a: Found, b: Found): number {
  return (
    a.sourceId - b.sourceId ||
    a.offset - b.offset ||
    a.length - b.length ||
    Buffer.compare(Buffer.from(a.line), Buffer.from(b.line))
  )
}

function describeProblem(problem: Problem, source: ReadSource): Found {
  const { offset, length, code, severity, message, expected, found } = problem
  const content = { source: nameOf(source), offset, length, code, severity, message, expected, found }
  return { sourceId: source.id, offset, length, line: JSON.stringify(content) }
}

function describeGap(gap: Gap, host: string, source: ReadSource): Found {
  const { kind, what, fromNs, toNs, fromId, toId, evidence, offset } = gap
  const content = {
    kind,
    what,
    from_ns: fromNs?.toString(),
    to_ns: toNs?.toString(),
    from_id: fromId,
    to_id: toId,
    evidence,
    host,
    source: nameOf(source),
    offset,
  }
  return { sourceId: source.id, offset, length: 0, line: JSON.stringify({ gap: content }) }
}

/** How the source was recognised and what was counted in it; before its problems. */
function describeSource(source: ReadSource): Found {
  const { choice, tally } = source
  const name = { source: nameOf(source) }
  const { records, rejected, otherLines, events } = tally
  const content =
    choice.kind === "format"
      ? {
          ...name,
          format: choice.format.name,
          variant: choice.detection.variant,
          records,
          rejected,
          other_lines: otherLines,
          events,
        }
      : { ...name, [choice.kind]: choice.kind === "unrecognised" ? choice.looksLike : true }
  return { sourceId: source.id, offset: -1, length: 0, line: JSON.stringify(content) }
}

function nameOf({ facts }: ReadSource): string {
  const name = basename(facts.path)
  return facts.member === "" ? name : `${name}!${facts.member}`
}
