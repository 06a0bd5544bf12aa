/** Holds the list of problem codes against the codes that stand in src. */
import { globSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { describe, expect, it } from "vitest"
import { GAP_KINDS, PROBLEM_CODES } from "../../src/base/problem-codes.ts"

const src = resolve(import.meta.dirname, "../../src")
const LIST = "base/problem-codes.ts"
const rooms = [...new Set(Object.keys(PROBLEM_CODES).map((code) => code.slice(0, code.indexOf("/"))))]

/** Written in full: `"source/bomb"`. */
const FULL = new RegExp(`["'\`]((?:${rooms.join("|")})/[a-z0-9-]+)["'\`]`, "g")
/** Of a format's own sink, which puts the format's name before it: `sink.problem("bad-json", "error"`. */
const SHORT = /\.problem\(\s*"([a-z0-9-]+)",/g
/** A code of any room: `code: "evtx/bad-chunk"`. */
const ANY = /\bcode: ["'`]([a-z0-9-]+\/[a-z0-9-]+)["'`]/g

function codesOf(path: string, text: string): string[] {
  const full = [...text.matchAll(FULL), ...text.matchAll(ANY)].map(([, code]) => code ?? "")
  const format = /^formats\/([a-z-]+)\//.exec(path)?.[1]
  if (format === undefined) return full
  return [...full, ...[...text.matchAll(SHORT)].map(([, code]) => `${format}/${code}`)]
}

const files = globSync("**/*.ts", { cwd: src }).filter((path) => path !== LIST)
const texts = files.map((path) => [path, readFileSync(join(src, path), "utf8")] as const)

describe("problem codes", () => {
  const used = new Map<string, string>()
  for (const [path, text] of texts) for (const code of codesOf(path, text)) used.set(code, path)

  it("are found in src at all", () => {
    expect(codesOf("formats/demo/a.ts", 'sink.problem("cut", "error")')).toEqual(["demo/cut"])
    expect(codesOf("sources/a.ts", 'refuse("source/io", "x")')).toEqual(["source/io"])
    expect(used.size).toBeGreaterThan(20)
  })

  it("that src uses are listed", () => {
    expect([...used].filter(([code]) => PROBLEM_CODES[code] === undefined)).toEqual([])
  })

  it("that are listed are used", () => {
    expect(Object.keys(PROBLEM_CODES).filter((code) => !used.has(code))).toEqual([])
  })

  it("are listed in order, with a sentence each", () => {
    expect(Object.keys(PROBLEM_CODES)).toEqual(Object.keys(PROBLEM_CODES).sort())
    for (const [code, { severities, meaning, advice }] of Object.entries(PROBLEM_CODES)) {
      expect(severities.length, code).toBeGreaterThan(0)
      expect(meaning, code).toMatch(/^\w.*\.$/)
      expect(advice, code).toMatch(/^\w.*\.$/)
    }
  })
})

describe("kinds of gaps", () => {
  it("that src uses are those listed", () => {
    const trackers = texts.filter(([path]) =>
      /(?:gap-tracker|sequence-gaps|integrity|windows-reader|pipe-ledger|pipe-stream|loss-counter|recording-notes)\.ts$/.test(
        path,
      ),
    )
    const used = trackers.flatMap(([, text]) =>
      [...text.matchAll(/\bkind: "([a-z-]+)"/g)].map(([, kind]) => kind),
    )
    expect([...new Set(used)].sort()).toEqual(Object.keys(GAP_KINDS))
  })
})
