import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { hasShared, offsetOf, readEvtx, readOracle, sharedFiles, WITHOUT_SHARED } from "./read-evtx.ts"

/** As the renderer does: the oracle keeps what XML forbids. */
const allowed = (xml: string): string =>
  xml.replace(/\p{Surrogate}/gu, "\ufffd").replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/gu, "\ufffd")

describe.skipIf(!hasShared)(`records against the oracle${hasShared ? "" : ` (${WITHOUT_SHARED})`}`, () => {
  it.each(sharedFiles())("$name", ({ file, oracle }) => {
    const expected = readOracle(`${oracle}.oracle.jsonl.gz`)
    const { events, problems } = readEvtx(readFileSync(file))
    // The oracle ends a chunk at its first torn record, and knows no chunk that the file's end cuts.
    const cut =
      problems.find((problem) => problem.code === "evtx/cut-chunk")?.offset ?? Number.POSITIVE_INFINITY
    const live = events.filter((event) => event.recovered === "" && event.offset < cut)
    const whole = expected.filter((record) => record.corrupt === undefined)
    expect(live.map(({ offset, length, headerId }) => [offset, length, String(headerId)])).toEqual(
      whole.map((record) => [offsetOf(record), record.size, record.rid]),
    )
    for (const [at, record] of whole.entries()) expect(live[at]?.xml).toBe(allowed(record.xml))
    const torn = problems.filter((problem) => problem.code === "evtx/torn-record")
    const corrupt = expected.filter((record) => record.corrupt !== undefined)
    expect(torn.map((problem) => problem.offset)).toEqual(expect.arrayContaining(corrupt.map(offsetOf)))
    expect(problems.filter(({ code }) => /bad-record|damaged|skipped|template/.test(code))).toEqual([])
  })
})
