import { expect, test } from "vitest"
import { ObjectSink } from "../../../src/rows/object-sink.ts"
import { EidWriter } from "../../../src/schema/eid.ts"

test("ten digits with leading zeros; wider rather than repeated", () => {
  const schema = {
    name: "t",
    description: "",
    columns: [{ name: "eid", type: "TEXT" as const, description: "" }],
    indexes: [],
  }
  const sink = new ObjectSink()
  const eid = new EidWriter()
  for (const serial of [0, 7, 42, 9_999_999_999, 10_000_000_000, 2 ** 53]) {
    sink.begin(schema)
    eid.write(sink, serial)
    sink.end()
  }
  expect(sink.rows.map(({ values }) => values.eid)).toEqual([
    "0000000000",
    "0000000007",
    "0000000042",
    "9999999999",
    "10000000000",
    "9007199254740992",
  ])
})
