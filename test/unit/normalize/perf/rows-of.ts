/** Reads files through detection, reader and normalizer, and keeps what they give. */

import { existsSync, readFileSync } from "node:fs"
import path from "node:path"
import { chooseFormat } from "../../../../src/app/reading/choose-format.ts"
import { type ChainReader, newTally, type ReaderOptions } from "../../../../src/app/reading/reader.ts"
import type { Gap, Problem } from "../../../../src/base/problem.ts"
import { ObjectSink } from "../../../../src/rows/object-sink.ts"
import type { RowValue } from "../../../../src/schema/row-value.ts"
import { KeptRecords } from "../../../kept-records.ts"
import { readerOf } from "../../../readers.ts"

export const SHARED = path.resolve(import.meta.dirname, "../../../../../shared/data/perf")
export const WITHOUT_SHARED = "skipped: needs the shared test data"
export const hasShared = existsSync(SHARED)

export type Row = Readonly<Record<string, RowValue>>

export interface Input {
  readonly name: string
  readonly bytes: Buffer
}

export interface Reading {
  readonly rows: readonly { readonly table: string; readonly values: Row }[]
  readonly records: readonly string[]
  readonly problems: readonly Problem[]
  readonly gaps: readonly Gap[]
  table(name: string): Row[]
  /** Codes of problems, each once. */
  readonly codes: readonly string[]
}

export function sharedInput(name: string): Input {
  return { name, bytes: readFileSync(path.join(SHARED, name)) }
}

export interface Wish {
  /** Bytes a push; all at once unless given. */
  readonly piece?: number
  /** Records instead of rows. */
  readonly asRecords?: boolean
  readonly options?: Partial<ReaderOptions>
}

/** @param inputs the sources of one chain, in its order */
export function readInputs(
  inputs: readonly Input[],
  { piece, asRecords = false, options }: Wish = {},
): Reading {
  const sink = new ObjectSink()
  const problems: Problem[] = []
  const gaps: Gap[] = []
  const output = new KeptRecords()
  const records = output.texts
  let reader: ChainReader | undefined
  inputs.forEach(({ name, bytes }, index) => {
    const facts = { path: name, member: "", packing: "", storedSize: bytes.length, modifiedMs: 0 }
    const choice = chooseFormat(bytes.subarray(0, 256 * 1024), facts)
    if (choice.kind !== "format") throw new Error(`${name} is not recognised`)
    reader ??= readerOf(choice.format)({
      writer: sink,
      host: "host-1",
      problem: (problem) => problems.push(problem),
      gap: (gap) => gaps.push(gap),
      ...(asRecords ? { records: output } : {}),
      ...options,
    })
    reader.beginSource({
      sourceId: index + 1,
      detection: choice.detection,
      modifiedMs: 0,
      tally: newTally(),
    })
    const step = piece ?? bytes.length
    for (let at = 0; at < bytes.length; at += step)
      reader.push(Buffer.from(bytes.subarray(at, at + step)), at)
    reader.endSource()
  })
  reader?.end()
  return {
    rows: sink.rows,
    records,
    problems,
    gaps,
    table: (name) => sink.rows.filter(({ table }) => table === name).map(({ values }) => values),
    codes: [...new Set(problems.map(({ code }) => code))].sort(),
  }
}

/** One action of a recorded workload. */
export interface Action {
  readonly op: "start" | "exec" | "sock" | "end"
  readonly kind?: string
  readonly pid: number
  readonly ppid?: number
  readonly path?: string
  readonly argv?: readonly string[]
  readonly rc?: number
  readonly errno?: number
  readonly uid?: number
  readonly call?: string
  readonly fd?: number
  readonly family?: number
  readonly laddr?: string
  readonly lport?: number
  readonly raddr?: string
  readonly rport?: number
  readonly ret?: number
}

export function truthOf(name: string): Action[] {
  const text = readFileSync(path.join(SHARED, name), "utf8")
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Action)
}
