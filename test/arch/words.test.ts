/** What no file of the project may hold: places of somebody's machine, and work left for later. */
import { execFileSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { describe, expect, it } from "vitest"

const root = resolve(import.meta.dirname, "../..")
const TEXT = /\.(?:ts|js|json|md|yaml|yml|sh|py|sql)$|^(?:\.ci\/run|LICENSE|\.gitignore)$|(?:^|\/)cmd$/
/** Folders of home directories and build places; examples use /srv/demo, /cases, /mnt/evidence. */
const PLACES = ["work", "home/[a-z]", "Users/[A-Z]", "root/[a-z.]", "workspace", "builds?/"].join("|")
const PLACE = new RegExp(`(?<![\\w./-])/(?:${PLACES})(?:/|\\b)`)
const LATER = new RegExp(
  `\\b(?:${["TO", "FIX"].map((word, at) => word + ["DO", "ME"][at]).join("|")}|${"X".repeat(3)})\\b`,
)

const isGit = existsSync(join(root, ".git"))
const files = isGit
  ? execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" }).split("\0").filter(Boolean)
  : []
const texts = files
  .filter((path) => TEXT.test(path) && !path.startsWith("corpus/") && existsSync(join(root, path)))
  .map((path) => [path, readFileSync(join(root, path), "utf8")] as const)

function linesWith(pattern: RegExp): string[] {
  return texts.flatMap(([path, text]) =>
    text
      .split("\n")
      .map((line, at) => (pattern.test(line) ? `${path}:${at + 1}: ${line.trim().slice(0, 100)}` : ""))
      .filter((line) => line !== ""),
  )
}

describe.skipIf(!isGit)("the files of the project (skipped outside a git checkout)", () => {
  it("are there", () => {
    expect(texts.length).toBeGreaterThan(200)
  })

  it("name no place of a machine that it was made on", () => {
    expect(linesWith(PLACE)).toEqual([])
  })

  it("leave no work for later", () => {
    expect(linesWith(LATER)).toEqual([])
  })

  it("have no conflict marks", () => {
    expect(linesWith(/^(?:<{7}|>{7}|={7})(?:\s|$)/)).toEqual([])
  })
})

describe("package-lock.json", () => {
  it("names no address that packages came from", () => {
    const lines = readFileSync(join(root, "package-lock.json"), "utf8").split("\n")
    expect(lines.filter((line) => line.includes('"resolved"'))).toEqual([])
  })
})
