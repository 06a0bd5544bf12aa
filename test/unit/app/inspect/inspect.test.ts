import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { gzipSync } from "node:zlib"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { inspect, inspectExitCode } from "../../../../src/app/inspect/inspect.ts"
import { inspectionLine, inspectionTotals } from "../../../../src/app/inspect/inspection-lines.ts"

const log = readFileSync(resolve(import.meta.dirname, "../../../cli/stats/audit.log"))
const folder = mkdtempSync(join(tmpdir(), "retrail-inspect-"))
const at = (name: string) => join(folder, name)

beforeAll(() => {
  writeFileSync(at("audit.log"), log)
  writeFileSync(at("packed.log.gz"), gzipSync(log))
  writeFileSync(at("cut.log.gz"), gzipSync(log).subarray(0, 900))
  writeFileSync(at("photo.jpg"), Buffer.from("ffd8ffe000104a464946", "hex"))
  writeFileSync(at("empty.log"), "")
  writeFileSync(at("evil\n\x1b[2Jname: auditd log, certain"), "nothing\n")
})
afterAll(() => rmSync(folder, { recursive: true }))

describe("inspect", () => {
  it("counts events, records, rows, problems and gaps of a source", async () => {
    const [inspection] = await inspect({ paths: [at("audit.log")] })
    expect(inspection).toMatchObject({
      state: "recognised",
      format: "linux-audit",
      variant: "auditd",
      confidence: "certain",
      size: log.length,
      events: 22,
      records: 56,
      rejected: 1,
      rows: { process_events: 3, socket_events: 8, user_events: 2 },
      problems: { "linux-audit/bad-header": 1 },
    })
    expect(Object.keys(inspection?.gaps ?? {})).toContain("serial-gap")
  })

  it("says the same of the log and of its packed form", async () => {
    const [plain] = await inspect({ paths: [at("audit.log")] })
    const [packed] = await inspect({ paths: [at("packed.log.gz")] })
    expect({ ...packed, path: "", packing: "", size: 0 }).toEqual({
      ...plain,
      path: "",
      packing: "",
      size: 0,
    })
  })

  it("reads stdin", async () => {
    const stdin = (async function* () {
      yield log
    })()
    const [inspection] = await inspect({ paths: ["-"], stdin })
    expect(inspection).toMatchObject({ path: "-", size: null, events: 22 })
  })

  it.each([
    [["audit.log"], 3],
    [["photo.jpg"], 65],
    [["empty.log"], 0],
    [["empty.log", "photo.jpg"], 3],
    [["cut.log.gz"], 3],
    [["audit.log", "nowhere.log"], 3],
  ])("of %j ends with %i", async (names, code) => {
    expect(inspectExitCode(await inspect({ paths: names.map(at) }))).toBe(code)
  })

  it("throws when nothing named exists", async () => {
    await expect(inspect({ paths: [at("nowhere.log")] })).rejects.toMatchObject({ exitCode: 66 })
  })

  it("gives every source one line, whatever its name holds", async () => {
    const inspections = await inspect({ paths: [folder] })
    const lines = inspections.map((inspection) => inspectionLine(inspection, null))
    expect(lines.filter((line) => line.indexOf("\n") !== line.length - 1)).toEqual([])
    expect(lines.join("").replaceAll("\n", "")).not.toMatch(/\p{Cc}/u)
    expect(lines.some((line) => line.includes("evil\\n\\x1b[2Jname"))).toBe(true)
    expect(inspectionTotals(inspections)).toMatch(/^6 sources: /)
  })
})
