import { execFileSync } from "node:child_process"
import {
  appendFileSync,
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { zstdDecompressSync } from "node:zlib"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { ResultsLog } from "../../../../src/pipeline/results/results-log.ts"
import { rotateLog } from "../../../../src/pipeline/results/rotate-log.ts"

const NAME = "osqueryd.results.log"
let folder = ""
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "retrail-"))
})
afterEach(() => rmSync(folder, { recursive: true }))

const modeOf = (path: string) => (statSync(path).mode & 0o7777).toString(8)
const text = (name = NAME) => readFileSync(join(folder, name), "utf8")

describe("the results log", () => {
  it("makes its folder and both files, with the mode that was asked for whatever the umask", () => {
    const before = process.umask(0)
    try {
      const log = new ResultsLog({ folder: join(folder, "a/b"), mode: 0o640 })
      log.append("results", ["one", "two"])
      log.append("snapshots", ["three"])
      log.append("results", [])
      log.close()
    } finally {
      process.umask(before)
    }
    expect(text(`a/b/${NAME}`)).toBe("one\ntwo\n")
    expect(text("a/b/osqueryd.snapshots.log")).toBe("three\n")
    expect(modeOf(join(folder, "a/b", NAME))).toBe("640")
    expect(modeOf(join(folder, "a/b"))).toBe("750")
  })

  it("appends to what is there, narrows a mode and never widens one", () => {
    writeFileSync(join(folder, NAME), "old\n")
    writeFileSync(join(folder, "osqueryd.snapshots.log"), "")
    chmodSync(join(folder, NAME), 0o666)
    chmodSync(join(folder, "osqueryd.snapshots.log"), 0o600)
    const log = new ResultsLog({ folder, mode: 0o640 })
    log.append("results", ["new"])
    log.close()
    expect(text()).toBe("old\nnew\n")
    expect([modeOf(join(folder, NAME)), modeOf(join(folder, "osqueryd.snapshots.log"))]).toEqual([
      "640",
      "600",
    ])
  })

  it("ends a line that a killed process left open", () => {
    writeFileSync(join(folder, NAME), '{"half":')
    const log = new ResultsLog({ folder, mode: 0o640 })
    log.append("results", ["whole"])
    log.close()
    expect(text()).toBe('{"half":\nwhole\n')
  })

  it("follows no link, takes no file with a second name, no folder and no pipe", () => {
    const open = () => new ResultsLog({ folder, mode: 0o640 })
    writeFileSync(join(folder, "victim"), "")
    symlinkSync("victim", join(folder, NAME))
    expect(open).toThrow(/ELOOP/)
    rmSync(join(folder, NAME))
    linkSync(join(folder, "victim"), join(folder, NAME))
    expect(open).toThrow(/second name/)
    rmSync(join(folder, NAME))
    execFileSync("mkfifo", [join(folder, NAME)])
    expect(open).toThrow(/not a regular file/)
    rmSync(join(folder, NAME))
    mkdirSync(join(folder, NAME))
    expect(open).toThrow()
    expect(text("victim")).toBe("")
  })

  it("takes lines back, but only from the file that they went to", () => {
    const log = new ResultsLog({ folder, mode: 0o640 })
    log.append("results", ["kept"])
    const position = log.position("results")
    log.append("results", ["taken back", "and this"])
    expect(log.rewind(position)).toBe(true)
    log.append("results", ["again"])
    expect(log.rewind({ ...position, inode: position.inode + 1n })).toBe(false)
    expect(log.rewind({ ...position, size: 10_000n })).toBe(false)
    log.close()
    expect(text()).toBe("kept\nagain\n")
  })
})

describe("rotation", () => {
  it("numbers the files, packs the third and keeps as many as asked", () => {
    const log = new ResultsLog({ folder, mode: 0o640, rotation: { sizeBytes: 8, maxFiles: 4 } })
    for (let run = 1; run <= 7; run++) {
      log.rotateIfFull("results")
      log.append("results", [`run ${run}`, "xxxx"])
    }
    log.close()
    const names = readdirSync(folder).sort()
    expect(names).toEqual([
      NAME,
      `${NAME}.1`,
      `${NAME}.2`,
      `${NAME}.3.zst`,
      `${NAME}.4.zst`,
      "osqueryd.snapshots.log",
    ])
    expect([text(), text(`${NAME}.1`), text(`${NAME}.2`)]).toEqual([
      "run 7\nxxxx\n",
      "run 6\nxxxx\n",
      "run 5\nxxxx\n",
    ])
    const packed = [3, 4].map((number) =>
      zstdDecompressSync(readFileSync(join(folder, `${NAME}.${number}.zst`))),
    )
    expect(packed.map(String)).toEqual(["run 4\nxxxx\n", "run 3\nxxxx\n"])
    expect(modeOf(join(folder, `${NAME}.3.zst`))).toBe("640")
  })

  it("leaves a log alone that is not full", () => {
    const log = new ResultsLog({ folder, mode: 0o640, rotation: { sizeBytes: 1000, maxFiles: 4 } })
    log.append("results", ["line"])
    log.rotateIfFull("results")
    log.close()
    expect(readdirSync(folder).length).toBe(2)
  })

  it("writes through no link that waits in the place of a packed file", () => {
    for (const name of ["x", "x.1", "x.2"]) writeFileSync(join(folder, name), name)
    writeFileSync(join(folder, "victim"), "safe")
    symlinkSync("victim", join(folder, "x.3.zst.part"))
    rotateLog(join(folder, "x"), 9)
    expect(text("victim")).toBe("safe")
    expect(lstatSync(join(folder, "x.3.zst")).isFile()).toBe(true)
  })

  it("loses nothing when a log is moved away by somebody else", () => {
    const log = new ResultsLog({ folder, mode: 0o640 })
    log.append("results", ["a"])
    renameSync(join(folder, NAME), join(folder, "moved"))
    appendFileSync(join(folder, NAME), "")
    log.append("results", ["b"])
    log.close()
    expect(text("moved")).toBe("a\nb\n")
  })
})
