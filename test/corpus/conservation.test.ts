/**
 * Over the whole corpus: no line is lost or counted twice, and how the bytes are cut into chunks changes nothing.
 * Lines are counted here by splitting text, not with the parsers' code.
 */
import { describe, expect, it } from "vitest"
import { findCases, ownCorpus } from "../../src/app/corpus/find-cases.ts"
import { contentOf, metaOf, readChunked } from "./read-chunked.ts"

/** Wrappings in which a line is a record. */
const LINE_FORMS = [
  "auditd",
  "auditd-enriched",
  "syslog",
  "dmesg",
  "ausearch",
  "ausearch-i",
  "journald-cat",
  "journald-with-unit",
]
const DIVIDING = ["linux-audit/merged-lines", "linux-audit/nul-bytes"]
const WHOLE = 1 << 30

const cases = (await findCases([ownCorpus()])).map(
  (folder) => [folder.slice(ownCorpus().length + 1), folder] as const,
)

describe.each(cases)("%s", (_, folder) => {
  it("accounts for every line that is not empty", async ({ skip }) => {
    const meta = await metaOf(folder)
    const contents = await contentOf(folder)
    const isByLine = LINE_FORMS.includes(meta.variant) || meta.variant.startsWith("journald-short")
    const result = readChunked(contents, meta, WHOLE)
    if (!isByLine || result === null) return skip("a line is no record here")
    const lines = contents.flatMap(({ bytes }) => bytes.toString("latin1").split("\n"))
    const filled = lines.filter((line) => line.replace(/\r$/, "").replace(/ +$/, "") !== "").length
    const counts = result.tallies.map(({ records, rejected, otherLines }) => records + rejected + otherLines)
    const accounted = counts.reduce((sum, count) => sum + count, 0)
    // A line may hold a second record, or NULs: each is told of.
    const divided = result.problems.filter(({ code }) => DIVIDING.includes(code)).length
    expect(Math.abs(accounted - filled)).toBeLessThanOrEqual(divided)
    const errors = result.problems.filter(({ severity }) => severity === "error").length
    expect(errors).toBe(result.tallies.reduce((sum, { rejected }) => sum + rejected, 0))
  })

  it("gives the same in chunks of any size", async () => {
    const meta = await metaOf(folder)
    const contents = await contentOf(folder)
    const whole = readChunked(contents, meta, WHOLE)
    for (const size of [1, 7, 64, 4096]) {
      expect(readChunked(contents, meta, size), `chunks of ${size}`).toEqual(whole)
    }
  })
})
