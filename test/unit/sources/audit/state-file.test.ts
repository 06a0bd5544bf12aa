import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { readStateFile, StateFile, StateFileError } from "../../../../src/sources/audit/state-file.ts"
import { keyedRule } from "./rules.ts"

const BEFORE = {
  enabled: 0,
  failure: 1,
  rateLimit: 0,
  backlogLimit: 64,
  backlogWaitTime: 15000,
  rules: [keyedRule(59, "a")],
}
const isLinux = process.platform === "linux"

describe.skipIf(!isLinux)(`StateFile${isLinux ? "" : " (skipped: needs Linux)"}`, () => {
  let folder = ""
  const options = () => ({ path: join(folder, "run/state.json"), ownerUid: process.getuid?.() ?? 0 })
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "retrail-state-"))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it("tells what its process found, and that everything was restored", () => {
    expect(readStateFile(options())).toMatchObject({ state: "none", before: null, pid: 0 })
    const file = StateFile.create(BEFORE, options())
    expect(statSync(options().path).mode & 0o777).toBe(0o600)
    expect(readStateFile(options())).toMatchObject({ state: "alive", before: BEFORE, pid: process.pid })
    expect(() => StateFile.create(BEFORE, options())).toThrow(/running process/)
    file.markRestored()
    expect(readStateFile(options())).toMatchObject({ state: "restored", before: null })
    file.close()
    StateFile.create(BEFORE, options()).close()
    expect(readStateFile(options()).state).toBe("alive")
  })

  it("knows a killed process from another one with its number, and an earlier boot", () => {
    StateFile.create(BEFORE, options()).close()
    const { path } = options()
    const record = JSON.parse(readFileSync(path, "utf8"))
    writeFileSync(path, JSON.stringify({ ...record, startTime: "1" }))
    expect(readStateFile(options())).toMatchObject({
      state: "left",
      before: BEFORE,
      pid: process.pid,
      startTime: "1",
    })
    writeFileSync(path, JSON.stringify({ ...record, pid: 2 ** 22 + 1 }))
    expect(readStateFile(options()).state).toBe("left")
    writeFileSync(path, JSON.stringify({ ...record, startTime: "1", bootId: "another" }))
    expect(readStateFile(options()).state).toBe("restored")
  })

  it("believes no file that others could have written", () => {
    StateFile.create(BEFORE, options()).close()
    const { path, ownerUid } = options()
    expect(() => readStateFile({ path, ownerUid: ownerUid + 1 })).toThrow(StateFileError)
    chmodSync(path, 0o620)
    expect(() => readStateFile(options())).toThrow(StateFileError)
    chmodSync(path, 0o600)
    chmodSync(join(folder, "run"), 0o777)
    expect(() => readStateFile(options())).toThrow(StateFileError)
    expect(() => StateFile.create(BEFORE, options())).toThrow(StateFileError)
  })

  it.each(["nonsense", "[]", "null", '{"pid":1}', '{"pid":"x","before":null}'])(
    "calls %j damaged",
    (text) => {
      mkdirSync(join(folder, "run"))
      writeFileSync(options().path, text, { mode: 0o600 })
      expect(() => readStateFile(options())).toThrow(/damaged/)
    },
  )

  it("follows no link", () => {
    mkdirSync(join(folder, "run"))
    writeFileSync(join(folder, "other"), "untouched", { mode: 0o600 })
    symlinkSync(join(folder, "other"), options().path)
    expect(() => readStateFile(options())).toThrow()
    expect(() => StateFile.create(BEFORE, options())).toThrow()
    expect(readFileSync(join(folder, "other"), "utf8")).toBe("untouched")
  })
})
