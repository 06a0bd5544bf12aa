/** The cases of corpus/bsm are what the writer writes. */
import { readFileSync } from "node:fs"
import path from "node:path"
import { expect, it } from "vitest"
import { BSM_CASES } from "../../bsm-writer/cases/index.ts"

const CORPUS = path.resolve(import.meta.dirname, "../../../corpus/bsm")

it.each(BSM_CASES.map((one) => [one.folder, one] as const))("%s", (folder, { bytes, shows }) => {
  expect(readFileSync(path.join(CORPUS, folder, "input.bsm")).equals(bytes)).toBe(true)
  expect(shows).toMatch(/^[A-Z0-9].{10,120}\.$/)
  expect(bytes.length).toBeLessThan(16 * 1024)
})

it("names every case once", () => {
  const folders = BSM_CASES.map(({ folder }) => folder)
  expect(new Set(folders).size).toBe(folders.length)
})
