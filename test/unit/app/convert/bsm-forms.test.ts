/** Trails through the whole of convert: as a trail again, as praudit's text, and what is refused. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { type ConvertRequest, runConvert } from "../../../../src/app/convert/run-convert.ts"
import { UsageError } from "../../../../src/app/errors.ts"
import { NO_PROGRESS } from "../../../../src/app/progress.ts"
import { record, SECOND } from "../../../bsm-writer/record.ts"
import { execArgs, file32, returns32, subject, text } from "../../../bsm-writer/tokens.ts"

const records = [
  file32("/var/audit/one"),
  record(23, [execArgs(["ls"]), subject({ auid: 501, pid: 7 }), returns32()], { second: SECOND }),
  record(6152, [text("login"), subject({ auid: 502, pid: 8 }, "32ex"), returns32(1)], { second: SECOND + 1 }),
  record(23, [execArgs(["id"]), subject({ auid: 502, pid: 9 }), returns32()], { second: SECOND + 2 }),
]
const trail = Buffer.concat(records)

let folder = ""
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "retrail-convert-"))
  writeFileSync(path.join(folder, "trail"), trail)
})
afterEach(() => rmSync(folder, { recursive: true }))

async function convert(request: Partial<ConvertRequest>): Promise<Buffer> {
  const output = path.join(folder, "out")
  const { exitCode } = await runConvert({
    paths: [path.join(folder, "trail")],
    to: "bsm",
    output,
    isForced: true,
    isRecords: false,
    escapesFormulas: true,
    numerics: false,
    host: "",
    progress: NO_PROGRESS,
    signal: new AbortController().signal,
    ...request,
  })
  expect(exitCode).toBe(0)
  return readFileSync(output)
}

describe("convert", () => {
  it("-t bsm gives the trail back", async () => {
    expect((await convert({})).equals(trail)).toBe(true)
  })

  it("-t bsm gives the records that are selected", async () => {
    const selected = await convert({ bsm: { selection: { auid: 502 } } })
    expect(selected.equals(Buffer.concat(records.slice(2)))).toBe(true)
    const rest = await convert({ bsm: { selection: { auid: 502, inverts: true } } })
    expect(rest.equals(Buffer.concat(records.slice(0, 2)))).toBe(true)
    const later = await convert({ bsm: { selection: { events: [23] } }, start: SECOND + 1 })
    expect(later.equals(records[3] as Buffer)).toBe(true)
  })

  it("-t praudit and JSON are of the same records", async () => {
    const bsm = { selection: { events: ["AUE_EXECVE"] } }
    const lines = (
      await convert({ to: "praudit", praudit: { form: "raw", isOneLine: true, delimiter: "," }, bsm })
    )
      .toString()
      .trimEnd()
      .split("\n")
    const json = (await convert({ to: "jsonl", isRecords: true, bsm })).toString().trimEnd().split("\n")
    expect(lines.map((line) => Number(line.split(",")[1]))).toEqual(
      json.map((line) => (JSON.parse(line) as { length: number }).length),
    )
    expect(lines).toHaveLength(2)
  })

  it("-t jsonl gives the rows of the records that are selected", async () => {
    const rows = await convert({ to: "jsonl", table: "process_events", bsm: { selection: { pid: 9 } } })
    expect(
      rows
        .toString()
        .trimEnd()
        .split("\n")
        .map((row) => (JSON.parse(row) as { pid: number }).pid),
    ).toEqual([9])
  })

  it("refuses praudit's options for other formats", async () => {
    const praudit = { form: "raw", isOneLine: false, delimiter: "," } as const
    await expect(convert({ to: "csv", praudit })).rejects.toThrow(UsageError)
    await expect(convert({ to: "bsm", praudit })).rejects.toThrow(UsageError)
    await expect(convert({ to: "xml" })).rejects.toThrow(/no XML form/)
  })
})
