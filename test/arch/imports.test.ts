/** Reads every import of src and fails on any arrow that goes up or sideways. */
import { globSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { describe, expect, it } from "vitest"
import { readImports, refuseImport } from "./walls.ts"

const src = resolve(import.meta.dirname, "../../src")
const files = globSync("**/*.ts", { cwd: src }).sort()
const textOf = (path: string) => readFileSync(join(src, path), "utf8")

const refuse = (path: string, statement: string) => {
  return readImports(statement).map((found) => refuseImport(path, found))
}

describe("the walls themselves", () => {
  it.each([
    ["formats/demo/a.ts", 'import { x } from "../../base/limits.ts"'],
    ["normalize/demo/a.ts", 'import type { E } from "../../formats/demo/event.ts"'],
    ["formats/demo/a.ts", 'import type { Detect } from "../format.ts"'],
    ["commands/a.ts", 'import { x } from "../app/a.ts"'],
    ["app/a.ts", 'const { x } = await import("../store/sqlite/b.ts")'],
    ["store/sqlite/a.ts", 'import Database from "better-sqlite3"'],
    ["store/sqlite/sql-functions/network.ts", 'import { isIPv4, isIPv6 } from "node:net"'],
  ])("let %s: %s", (path, statement) => {
    expect(refuse(path, statement)).toEqual([""])
  })

  it.each([
    ["formats/demo/a.ts", 'import { x } from "../../store/sqlite/b.ts"'],
    ["formats/demo/a.ts", 'import { x } from "../other/b.ts"'],
    ["normalize/demo/a.ts", 'import {\n  x,\n} from "../../rows/b.ts"'],
    ["base/a.ts", 'export { x } from "../schema/b.ts"'],
    ["app/a.ts", 'const { x } = await import("../commands/b.ts")'],
    ["app/a.ts", 'import "../commands/b.ts"'],
    ["app/a.ts", 'import type Database from "better-sqlite3"'],
    ["app/a.ts", 'import { fork } from "node:child_process"'],
    ["app/a.ts", 'import { connect } from "node:net"'],
    ["app/a.ts", 'import { x } from "./b.js"'],
  ])("stop %s: %s", (path, statement) => {
    expect(refuse(path, statement)).toEqual([expect.stringMatching(/./)])
  })
})

describe("src", () => {
  it("has files", () => {
    expect(files.length).toBeGreaterThan(100)
  })

  it("imports only downwards, and reserved modules only where they belong", () => {
    const refused = files.flatMap((path) =>
      readImports(textOf(path))
        .map((found) => refuseImport(path, found))
        .filter((why) => why !== ""),
    )
    expect(refused).toEqual([])
  })

  it("never runs text as code, nor reaches the network", () => {
    const pattern =
      /\beval\s*\(|\bnew Function\b|\bFunction\s*\(|\bfetch\s*\(|\bWebSocket\b|\bXMLHttpRequest\b/
    expect(files.filter((path) => pattern.test(withoutComments(textOf(path))))).toEqual([])
  })

  it("has default exports in commands only, and no enums, any or non-null assertions", () => {
    const faults = files.flatMap((path) => {
      const code = withoutComments(textOf(path))
      const isCommand = /^commands\//.test(path)
      return [
        /^export default\b/m.test(code) && !isCommand ? `${path}: default export` : "",
        /^(?:export )?(?:const )?enum\b/m.test(code) ? `${path}: enum` : "",
        /[:<(,]\s*any\b(?!["'`])/.test(code.replaceAll(/(["'`]).*?\1/g, "''")) ? `${path}: any` : "",
      ].filter((fault) => fault !== "")
    })
    expect(faults).toEqual([])
  })

  it("has commands of fewer than 100 lines", () => {
    const long = files.filter((path) => path.startsWith("commands/") && textOf(path).split("\n").length > 100)
    expect(long).toEqual([])
  })

  it("opens every file with what it is for", () => {
    const silent = files.filter(
      (path) => !/^\/\*\*/.test(textOf(path)) && !path.endsWith(".d.ts") && !path.includes(".gen."),
    )
    expect(silent).toEqual([])
  })
})

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/(^|\s)\/\/.*$/gm, "$1")
}
