import { existsSync, readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { hasShared, offsetOf, readEvtx, readOracle, sharedFiles, WITHOUT_SHARED } from "./read-evtx.ts"

const allowed = (xml: string): string =>
  xml.replace(/\p{Surrogate}/gu, "\ufffd").replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/gu, "\ufffd")

describe.skipIf(!hasShared)(
  `old records against the oracle${hasShared ? "" : ` (${WITHOUT_SHARED})`}`,
  () => {
    const files = sharedFiles()

    it.each(files.filter(({ oracle }) => existsSync(`${oracle}.slack.jsonl.gz`)))(
      "$name",
      ({ file, oracle }) => {
        const { events } = readEvtx(readFileSync(file), { recover: true })
        const found = new Map(events.map((event) => [event.offset, event]))
        for (const record of readOracle(`${oracle}.slack.jsonl.gz`)) {
          const event = found.get(offsetOf(record))
          if (record.dup_of_live === true) expect(event?.recovered ?? "duplicate").not.toBe("")
          else expect(event?.xml).toBe(allowed(record.xml))
        }
      },
    )

    it.each(files.filter(({ oracle }) => !existsSync(`${oracle}.slack.jsonl.gz`)))(
      "none in $name",
      ({ file }) => {
        const { events } = readEvtx(readFileSync(file), { recover: true })
        expect(events.filter(({ recovered }) => recovered === "slack")).toEqual([])
      },
    )
  },
)
