/** Every case of the corpus, as `retrail corpus verify` checks it. */
import { resolve } from "node:path"
import { describe, expect, it } from "vitest"
import { findCases, ownCorpus } from "../../src/app/corpus/find-cases.ts"
import { verifyCase } from "../../src/app/corpus/verify-case.ts"

const cases = await findCases([ownCorpus()])

describe("the corpus", () => {
  it("lies where it is looked for", () => {
    expect(ownCorpus()).toBe(resolve(import.meta.dirname, "../../corpus"))
    expect(cases.length).toBeGreaterThan(0)
  })

  it.each(cases.map((folder) => [folder.slice(ownCorpus().length + 1), folder]))("%s", async (_, folder) => {
    expect((await verifyCase(folder)).failures).toEqual([])
  })
})
