/** The rows of _sources behind a feed, in the state that the next run finds them in. */
import { describe, expect, it } from "vitest"
import { FeedSources } from "../../../../src/app/capture/feed-sources.ts"
import { SourceLedger } from "../../../../src/app/ingest/source-ledger.ts"
import { type ChosenFormat, chooseFormat } from "../../../../src/app/reading/choose-format.ts"
import type { Problem } from "../../../../src/base/problem.ts"
import type { SourceFacts } from "../../../../src/sources/source.ts"
import type { RowRange, SourceRow } from "../../../../src/store/case-store.ts"

const LINE =
  'type=SYSCALL msg=audit(1795299136.884:7): arch=c000003e syscall=59 success=yes exit=0 ppid=1 pid=2 exe="/bin/ls"\n'
const HEAD = Buffer.from(LINE.repeat(3))
const FACTS: SourceFacts = {
  path: "/srv/demo/audit.log",
  member: "",
  packing: "",
  storedSize: HEAD.length,
  modifiedMs: 5000,
}
const COUNTS = { records: 3, rejected: 1, otherLines: 0, events: 2, firstTime: 10, lastTime: 20 }
const FLUSHED: readonly RowRange[] = [{ table: "process_events", from: 4, to: 5 }]

const stateOf = (flushed: readonly RowRange[] | null = null) =>
  JSON.stringify({ reader: "{}", counts: COUNTS, tail: "", flushed, eids: [] })

function choose(): ChosenFormat {
  const choice = chooseFormat(HEAD, FACTS)
  if (choice.kind !== "format") throw new Error("the line is of no format")
  return choice
}

function feedSources(rows: readonly SourceRow[] = [], runId = 1) {
  const ledger = new SourceLedger(rows, runId)
  const problems: [string, number][] = []
  const sources = new FeedSources(ledger, ({ code }, sourceId) => problems.push([code, sourceId]))
  return { ledger, problems, sources, opened: () => ledger.known.rows }
}

function open(sources: FeedSources, known?: ReturnType<FeedSources["known"]>) {
  return sources.open(FACTS, choose(), { head: HEAD, startOffset: known?.resumeOffset ?? 0, known })
}

describe("a source that is new", () => {
  it("gets a row as it is opened", () => {
    const { sources, ledger } = feedSources()
    expect(sources.known(HEAD, FACTS)).toBeUndefined()
    const { sourceId, tally } = open(sources)
    expect([sourceId, tally.records]).toEqual([1, 0])
    expect(ledger.takeChanged()).toMatchObject([
      {
        id: 1,
        path: FACTS.path,
        state: "reading",
        format: "linux-audit",
        variant: "auditd",
        headSize: HEAD.length,
        modified: 5,
      },
    ])
  })

  it("is known to the next run by its first bytes once it was saved, with its counts", () => {
    const first = feedSources()
    const { sourceId } = open(first.sources)
    first.ledger.takeChanged()
    first.sources.saved({ sourceId, resumeOffset: 200, parserState: stateOf() })
    const [saved] = first.ledger.takeChanged()
    expect(saved).toMatchObject({ ...COUNTS, state: "reading", resumeOffset: 200 })

    const second = feedSources(first.opened(), 2)
    const known = second.sources.known(Buffer.concat([HEAD, Buffer.from(LINE)]), FACTS)
    expect(known).toEqual({ sourceId, resumeOffset: 200, parserState: stateOf() })
    expect(second.sources.known(Buffer.from(LINE.replace("ls", "cp").repeat(3)), FACTS)).toBeUndefined()
    const opened = open(second.sources, known)
    expect(opened.sourceId).toBe(sourceId)
    expect(opened.tally).toMatchObject(COUNTS)
    expect(second.opened()).toHaveLength(1)
    expect(second.ledger.takeChanged()).toMatchObject([{ id: sourceId, runId: 2 }])
  })

  it("is done, with its size, when there is nothing to go on with", () => {
    const { sources, opened } = feedSources()
    const { sourceId } = open(sources)
    sources.saved({ sourceId, resumeOffset: 336, parserState: "" })
    expect(opened()).toMatchObject([{ state: "done", size: 336, contentSize: 336, resumeOffset: 336 }])
    expect(sources.known(HEAD, FACTS)).toBeUndefined()
  })
})

describe("rows that an ingest wrote for open events", () => {
  it("are taken back once", () => {
    const { sources, opened } = feedSources()
    const { sourceId } = open(sources)
    sources.saved({ sourceId, resumeOffset: 200, parserState: stateOf(FLUSHED) })
    const taken: [readonly RowRange[], string][] = []
    const takeBack = () => {
      const known = { sourceId, resumeOffset: 200, parserState: opened()[0]?.parserState ?? "" }
      sources.takeBack(known, (ranges, row) => taken.push([ranges, row.parserState]))
    }
    takeBack()
    takeBack()
    expect(taken).toEqual([
      [FLUSHED, stateOf()],
      [[], stateOf()],
    ])
  })
})

describe("a stream", () => {
  it("is done at its end, with what it gave", () => {
    const { sources, opened } = feedSources()
    const { sourceId, tally } = open(sources)
    Object.assign(tally, COUNTS)
    sources.ended({ sourceId, resumeOffset: 999, parserState: "" })
    expect(opened()).toMatchObject([{ ...COUNTS, state: "done", size: 999, contentSize: 999 }])
  })
})

describe("a problem", () => {
  const problem: Problem = { code: "source/io", severity: "error", offset: 0, length: 0, message: "" }

  it("of a path that is not read gets a row of its own, once for each path", () => {
    const { sources, problems, opened } = feedSources()
    sources.problem(problem, "/srv/demo/a", undefined)
    sources.problem(problem, "/srv/demo/a", undefined)
    sources.problem(problem, "/srv/demo/b", undefined)
    sources.problem(problem, "/srv/demo/c", 9)
    expect(problems.map(([, id]) => id)).toEqual([1, 1, 2, 9])
    expect(opened().map(({ path, state }) => [path, state])).toEqual([
      ["/srv/demo/a", "refused"],
      ["/srv/demo/b", "refused"],
    ])
  })
})
