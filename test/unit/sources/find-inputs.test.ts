import { execFileSync } from "node:child_process"
import { chmodSync, linkSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { describeOpenFailure } from "../../../src/sources/file-bytes.ts"
import { findInputs } from "../../../src/sources/find-inputs.ts"
import { codesOf, gather, hasTool, makeFolder, put } from "./gather.ts"

function namesOf(folder: string, entries: readonly { readonly path: string }[]): string[] {
  return entries.map((entry) => path.relative(folder, entry.path))
}

describe("findInputs", () => {
  it("walks folders in bytewise order, dot files included", async () => {
    const folder = makeFolder()
    for (const name of ["b", "B", "a", ".hidden", "é", "a-1"]) put(folder, name, name)
    mkdirSync(path.join(folder, "aa"))
    put(folder, "aa/z", "z")
    const { inputs, refused, missing } = await findInputs([folder])
    expect(namesOf(folder, inputs)).toEqual([".hidden", "B", "a", "a-1", "aa/z", "b", "é"])
    expect([refused, missing]).toEqual([[], []])
  })

  it("never follows a link, and survives a loop", async () => {
    const folder = makeFolder()
    put(folder, "real", "x")
    symlinkSync("..", path.join(folder, "loop"))
    symlinkSync("/etc/passwd", path.join(folder, "out"))
    const met = await findInputs([folder])
    expect(namesOf(folder, met.inputs)).toEqual(["real"])
    expect(namesOf(folder, met.refused)).toEqual(["loop", "out"])
    expect(met.refused.every(({ problem }) => problem.severity === "info")).toBe(true)

    const named = await findInputs([path.join(folder, "out"), `${path.join(folder, "loop")}/`])
    expect(named.inputs).toEqual([])
    expect(named.refused.map(({ problem }) => [problem.code, problem.severity])).toEqual([
      ["source/symlink-skipped", "warning"],
      ["source/symlink-skipped", "warning"],
    ])

    const globbed = await findInputs([`${folder}/**`])
    expect(namesOf(folder, globbed.inputs)).toEqual(["real"])
    expect(namesOf(folder, globbed.refused)).toEqual(["loop", "out"])
  })

  it("refuses a file that became a link after it was found", async () => {
    const folder = makeFolder()
    const file = put(folder, "victim", "x")
    const { inputs } = await findInputs([file])
    execFileSync("ln", ["-sfn", "/etc/passwd", file])
    const { openSources } = await import("../../../src/sources/open-sources.ts")
    const kinds: string[] = []
    for await (const event of openSources(inputs)) {
      kinds.push(event.kind)
      if (event.kind === "refused") expect(event.problems[0]?.code).toBe("source/symlink-skipped")
    }
    expect(kinds).toEqual(["refused"])
  })

  it("prefers an existing name over reading it as a glob, and expands globs otherwise", async () => {
    const folder = makeFolder()
    put(folder, "audit[1].log", "x")
    put(folder, "audit1.log", "y")
    const literal = await findInputs([path.join(folder, "audit[1].log")])
    expect(namesOf(folder, literal.inputs)).toEqual(["audit[1].log"])
    const globbed = await findInputs([path.join(folder, "audit?.log"), path.join(folder, "no-such-*")])
    expect(namesOf(folder, globbed.inputs)).toEqual(["audit1.log"])
    expect(globbed.missing).toEqual([path.join(folder, "no-such-*")])
  })

  it("lists what is missing", async () => {
    const folder = makeFolder()
    put(folder, "file", "x")
    const gone = [
      path.join(folder, "gone"),
      path.join(folder, "file/below"),
      path.join(folder, "n".repeat(300)),
    ]
    expect((await findInputs(gone)).missing).toEqual(gone)
  })

  it("reads a file named twice, or by two hard links, once", async () => {
    const folder = makeFolder()
    const file = put(folder, "one", "x")
    linkSync(file, path.join(folder, "two"))
    const { inputs, refused } = await findInputs([file, file, folder, "-", "-"])
    expect(inputs.map((input) => input.kind)).toEqual(["file", "stdin"])
    expect(refused.map(({ problem }) => problem.code)).toEqual(["source/duplicate"])
  })

  it("keeps names that are not UTF-8", async () => {
    const folder = makeFolder()
    writeFileSync(
      Buffer.concat([Buffer.from(`${folder}/a`), Buffer.from([0xff]), Buffer.from(".log")]),
      "odd",
    )
    if (readdirSync(folder, { encoding: "buffer" })[0]?.includes(0xff) !== true) return
    const { reads } = await gather([folder])
    expect(reads.map((read) => [path.basename(read.facts.path), read.content.toString()])).toEqual([
      ["a\\xFF.log", "odd"],
    ])
  })

  it.skipIf(!hasTool("mkfifo"))(
    "skips a FIFO it meets and reads one that is named (needs mkfifo)",
    async () => {
      const folder = makeFolder()
      const fifo = path.join(folder, "pipe")
      execFileSync("mkfifo", [fifo])
      const met = await findInputs([folder])
      expect(met.inputs).toEqual([])
      expect(met.refused.map(({ problem }) => problem.code)).toEqual(["source/not-a-file"])
      const { spawn } = await import("node:child_process")
      spawn("sh", ["-c", `printf 'through the pipe' > "$1"`, "sh", fifo], { stdio: "ignore" })
      const { reads } = await gather([fifo])
      expect(reads.map((read) => read.content.toString())).toEqual(["through the pipe"])
      expect(reads[0]?.facts.storedSize).toBe(-1)
    },
  )

  it("tells why a file could not be opened", () => {
    const codes = ["EACCES", "EPERM", "ELOOP", "ENOENT", "EIO"].map((code) => {
      return describeOpenFailure(Object.assign(new Error(code), { code })).code
    })
    expect(codes).toEqual([
      "source/permission",
      "source/permission",
      "source/symlink-skipped",
      "source/vanished",
      "source/io",
    ])
  })

  it.skipIf(process.getuid?.() === 0)(
    "reports folders and files it may not read (needs a user that is not root)",
    async () => {
      const folder = makeFolder()
      chmodSync(put(folder, "secret", "x"), 0)
      mkdirSync(path.join(folder, "closed"), { mode: 0 })
      for (const named of [folder, `${folder}/**`]) {
        const { inputs, refused } = await findInputs([named])
        expect(refused.map(({ problem }) => problem.code)).toEqual(["source/permission"])
        const gathered = await gather([named])
        expect(inputs).toHaveLength(1)
        expect(gathered.refused.flatMap((event) => codesOf(event.problems))).toEqual(["source/permission"])
      }
    },
  )

  it("refuses a device", async () => {
    const { inputs, refused } = await findInputs(["/dev/null"])
    expect(inputs).toEqual([])
    expect(refused[0]?.problem).toMatchObject({ code: "source/not-a-file", severity: "warning" })
  })
})
