/** The end of a capture in words. */
import { describe, expect, it } from "vitest"
import type { CaptureSummary } from "../../../../src/app/capture/capture-request.ts"
import { captureText, lossText } from "../../../../src/app/capture/describe-capture.ts"
import type { LossFigures } from "../../../../src/pipeline/loss-ledger.ts"

const NO_LOSS: LossFigures = {
  kernelLost: 0,
  incompleteEvents: 0,
  missingRecords: 0,
  lostEvents: 0,
  socketOverruns: 0,
  secondsWithoutSocket: 0,
  isNone: true,
}
const SUMMARY: CaptureSummary = {
  database: "live.db",
  seconds: 12.34,
  records: 18_556,
  rows: { process_events: 3087, socket_events: 0, user_events: 27 },
  expired: {},
  problems: {},
  gaps: {},
  highestDepths: [5120, 1024],
  throttled: { readingSeconds: 0, processingSeconds: 0 },
  loss: null,
  ended: "stopped",
  exitCode: 0,
}

describe("the end of a capture", () => {
  it("is told in a few lines", () => {
    expect(captureText(SUMMARY, "Replayed")).toBe(
      [
        "Replayed 18 556 records in 12.3 s into live.db (stopped)",
        "  rows            process_events 3087, user_events 27",
        "  queues          at most 5120 and 1024 records",
        "",
      ].join("\n"),
    )
  })

  it("tells all that there can be to tell", () => {
    const text = captureText(
      {
        ...SUMMARY,
        records: 1,
        rows: {},
        expired: { process_events: 5 },
        problems: { "linux-audit/bad-hex": 2 },
        throttled: { readingSeconds: 2, processingSeconds: 0.1 },
        loss: NO_LOSS,
      },
      "Captured",
    )
    expect(text).toBe(
      [
        "Captured 1 record in 12.3 s into live.db (stopped)",
        "  rows            none",
        "  expired         process_events 5: older than --events_expiry, or more than",
        "                  --events_max; not in the database any more",
        "  queues          at most 5120 and 1024 records",
        "  throttled       reading 2.0 s, processing 0.1 s",
        "  lost            none (kernel lost 0, socket overruns 0, incomplete events 0)",
        "  problems        linux-audit/bad-hex 2",
        "",
      ].join("\n"),
    )
  })

  it("escapes the name of the database", () => {
    expect(captureText({ ...SUMMARY, database: "\x1b[2J.db" }, "Captured")).toContain("into \\x1b[2J.db ")
  })
})

describe("what was lost", () => {
  it.each<readonly [string, Partial<LossFigures>]>([
    [
      "kernel lost 7; 5 whole events; 2 records of 1 stored event",
      { kernelLost: 7, lostEvents: 5, missingRecords: 2, incompleteEvents: 1 },
    ],
    [
      "kernel lost 0; events lost: unknown; the socket overflowed 1 time (ENOBUFS)",
      { lostEvents: null, socketOverruns: 1 },
    ],
    [
      "kernel lost 3; events lost: unknown; the socket overflowed 2 times (ENOBUFS); another process had the socket for 1.5 s; missing: 1 record of 1 stored event",
      {
        kernelLost: 3,
        lostEvents: null,
        socketOverruns: 2,
        secondsWithoutSocket: 1.5,
        missingRecords: 1,
        incompleteEvents: 1,
      },
    ],
  ])("%s", (text, figures) => {
    expect(lossText({ ...NO_LOSS, isNone: false, ...figures })).toBe(text)
  })
})
