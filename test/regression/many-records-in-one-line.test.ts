/** A line of very many records without line ends took one level of the stack for each, and threw. */
import { expect, it } from "vitest"
import { readBytes } from "../acceptance/read-rows.ts"

it("200,000 records in one line are read", async () => {
  const one = "type=PATH msg=audit(1700000000.000:1): item=0 "
  const reading = await readBytes(`${one}\n${one.repeat(200_000)}\n`)
  expect(reading.records).toBe(200_001)
  expect(reading.problems.filter(({ code }) => code === "linux-audit/merged-lines")).toHaveLength(199_999)
}, 30_000)
