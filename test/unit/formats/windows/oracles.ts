/** Records and rows that other parsers agree on, from beside the project; absent elsewhere. */
import { existsSync, globSync, readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { gunzipSync } from "node:zlib"

export const WINDOWS = path.resolve(import.meta.dirname, "../../../../../shared/data/windows")
export const hasShared = existsSync(WINDOWS)

/** What osquery's windows_events would hold. */
export interface OracleRow {
  readonly datetime: string
  readonly source: string
  readonly provider_name: string
  readonly provider_guid: string
  readonly computer_name: string
  readonly eventid: number
  readonly task: number
  readonly level: number
  readonly keywords: string
  readonly data: string
  readonly pid: number
  readonly tid: number
}

export interface OracleRecord {
  readonly file: string
  readonly xml: string
  readonly row: OracleRow
}

/** Every record that is whole, in file order, the files in the order of their names. */
export function* oracleRecords(filter = (_file: string): boolean => true): Generator<OracleRecord> {
  for (const file of globSync("*/oracle/*.oracle.jsonl.gz", { cwd: WINDOWS }).sort()) {
    if (!filter(file)) continue
    for (const line of readLines(path.join(WINDOWS, file))) {
      const { xml, row } = JSON.parse(line) as Partial<OracleRecord>
      if (xml === undefined || row === undefined) continue
      // Half a surrogate pair has no form in UTF-8.
      const data = row.data.replace(/\p{Surrogate}/gu, "\uFFFD")
      yield { file: path.basename(file), xml, row: { ...row, data } }
    }
  }
}

export function readLines(file: string): string[] {
  return gunzipSync(readFileSync(file))
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "")
}

export interface GoldenPair {
  readonly name: string
  readonly xml: string
  readonly row: Readonly<Record<string, string>>
}

/** osquery's own pairs of an exported event and the row that it makes of it. */
export function goldenPairs(): GoldenPair[] {
  const root = path.join(WINDOWS, "osquery-windows_events")
  return readdirSync(path.join(root, "input")).flatMap((channel) =>
    readdirSync(path.join(root, "input", channel)).map((file) => {
      const output = path.join(root, "output", channel, file.replace(/\.xml$/, ".json"))
      const xml = readFileSync(path.join(root, "input", channel, file), "utf8")
      return { name: `${channel}/${file}`, xml, row: JSON.parse(readFileSync(output, "utf8")) }
    }),
  )
}
