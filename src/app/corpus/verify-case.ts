/** Reads one case and says in what it is not as expected. Never writes. */
import { basename } from "node:path"
import { LIMITS } from "../../base/limits.ts"
import type { ReadSource } from "../reading/read-sources.ts"
import { listInputs, PROBLEMS_FILE, ROWS_FILE, readPlainFile } from "./case-files.ts"
import { type CaseMeta, readMeta } from "./case-meta.ts"
import { compareLines } from "./compare-lines.ts"
import { countLines } from "./count-lines.ts"
import { type CaseResult, readCase } from "./read-case.ts"

export interface CaseReport {
  /** The case's folder. Hostile text, as are the lines of `failures`. */
  readonly folder: string
  /** One entry a thing that is wrong: its first line says what, further ones show it. */
  readonly failures: readonly (readonly string[])[]
}

export async function verifyCase(folder: string): Promise<CaseReport> {
  const meta = await readMeta(folder)
  if (typeof meta === "string") return { folder, failures: [[meta]] }
  const inputs = await listInputs(folder)
  if (inputs.length === 0) return { folder, failures: [["there is no input"]] }
  const result = await readCase(folder, inputs, meta)
  const failures = [
    await compareFile(folder, ROWS_FILE, result.rows),
    await compareFile(folder, PROBLEMS_FILE, result.problems),
    ...checkMetaClaims(meta, inputs, result).map((failure) => [failure]),
    ...(await checkConservation(folder, meta, inputs, result)).map((failure) => [failure]),
  ].filter((failure) => failure !== null)
  return { folder, failures }
}

async function compareFile(folder: string, name: string, actual: Buffer): Promise<string[] | null> {
  const expected = await readPlainFile(folder, name, LIMITS.corpusExpectedBytes.value)
  return expected === null ? [`${name} cannot be read`] : compareLines(name, expected, actual)
}

/** What meta.yaml says of the inputs against what was read. */
function checkMetaClaims(
  meta: CaseMeta,
  inputs: readonly string[],
  { sources, lateRecords }: CaseResult,
): string[] {
  const failures: string[] = []
  const claim = (name: string, expected: number | null, found: number) => {
    if (expected !== null && expected !== found) {
      failures.push(`meta.yaml counts ${expected} ${name}, read were ${found}`)
    }
  }
  claim("records", meta.records, sum(sources, "records") + sum(sources, "rejected"))
  claim("events", meta.events, sum(sources, "events") - lateRecords)
  const order = sources.map(({ facts }) => basename(facts.path))
  const files = meta.files ?? inputs
  if (files.join("\0") !== order.join("\0")) {
    failures.push(`the inputs were read in the order ${order.join(", ")}, expected was ${files.join(", ")}`)
  }
  return failures
}

/** Every line that is not empty is a record, a rejected record, or a line of somebody else. */
async function checkConservation(
  folder: string,
  meta: CaseMeta,
  inputs: readonly string[],
  { sources, dividedLines }: CaseResult,
): Promise<string[]> {
  const isRead = sources.every(({ choice }) => choice.kind === "format")
  if (!isRead) return []
  const lines = await countLines(folder, inputs, meta.variant)
  const read = sum(sources, "records") + sum(sources, "rejected") + sum(sources, "otherLines")
  return lines === null || Math.abs(read - lines) <= dividedLines
    ? []
    : [`${lines} lines hold something, accounted for are ${read}`]
}

function sum(
  sources: readonly ReadSource[],
  count: "records" | "events" | "rejected" | "otherLines",
): number {
  return sources.reduce((total, { tally }) => total + tally[count], 0)
}
