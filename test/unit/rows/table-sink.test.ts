import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { CsvDirectorySink } from "../../../src/rows/csv-directory-sink.ts"
import { CsvSink } from "../../../src/rows/csv-sink.ts"
import { CsvStringifySink } from "../../../src/rows/csv-stringify-sink.ts"
import { JsonLinesSink, JsonSink } from "../../../src/rows/json-sink.ts"
import { ObjectSink } from "../../../src/rows/object-sink.ts"
import { PageFileSink } from "../../../src/rows/page-file-sink.ts"
import { SqlSink } from "../../../src/rows/sql-sink.ts"
import type { RowSink } from "../../../src/schema/row-writer.ts"
import { withFolder } from "./databases.ts"
import { column, createTable, table } from "./row-samples.ts"

const PAIR = table("pair_events", [column("number", "BIGINT"), column("name", "TEXT")])
const OTHER = table("other_events", [column("name", "TEXT"), column("number", "BIGINT")])

const SINKS: [string, (folder: string) => RowSink][] = [
  ["object", () => new ObjectSink()],
  ["json lines", () => new JsonLinesSink(() => {})],
  ["json", () => new JsonSink(() => {})],
  ["csv", () => new CsvSink(PAIR, () => {})],
  ["csv-stringify", () => new CsvStringifySink(PAIR, () => {})],
  ["csv directory", (folder) => new CsvDirectorySink(join(folder, "csv"))],
  ["sql", () => new SqlSink({ prepareInsert: () => () => {} })],
  [
    "page file",
    (folder) =>
      new PageFileSink(join(folder, "a.db"), { tables: [{ schema: PAIR, sql: createTable(PAIR) }] }),
  ],
]

const BREACHES: [string, RegExp, (sink: RowSink) => void][] = [
  [
    "too few columns",
    /has 2 columns, the row has 1/,
    (sink) => {
      sink.begin(PAIR)
      sink.int(1)
      sink.end()
    },
  ],
  [
    "too many columns",
    /has only 2 columns/,
    (sink) => {
      sink.begin(PAIR)
      sink.int(1)
      sink.empty()
      sink.empty()
    },
  ],
  [
    "text in a number column",
    /pair_events\.number is BIGINT/,
    (sink) => {
      sink.begin(PAIR)
      sink.text("1")
    },
  ],
  [
    "bytes in a number column",
    /is BIGINT/,
    (sink) => {
      sink.begin(PAIR)
      sink.bytes(Buffer.from("1"), 0, 1)
    },
  ],
  [
    "empty in a number column",
    /is BIGINT/,
    (sink) => {
      sink.begin(PAIR)
      sink.empty()
    },
  ],
  [
    "a number in a text column",
    /pair_events\.name is TEXT/,
    (sink) => {
      sink.begin(PAIR)
      sink.null()
      sink.int(1)
    },
  ],
  [
    "64 bits in a text column",
    /is TEXT/,
    (sink) => {
      sink.begin(PAIR)
      sink.null()
      sink.int64(0, 1)
    },
  ],
  [
    "NULL in a text column",
    /is TEXT/,
    (sink) => {
      sink.begin(PAIR)
      sink.null()
      sink.null()
    },
  ],
  [
    "a fraction",
    /0\.5 is no integer/,
    (sink) => {
      sink.begin(PAIR)
      sink.int(0.5)
    },
  ],
  [
    "not a number",
    /NaN is no integer/,
    (sink) => {
      sink.begin(PAIR)
      sink.int(Number.NaN)
    },
  ],
  [
    "beyond 2^53",
    /is no integer within/,
    (sink) => {
      sink.begin(PAIR)
      sink.int(2 ** 53 + 2)
    },
  ],
  [
    "a row within a row",
    /begins within another row/,
    (sink) => {
      sink.begin(PAIR)
      sink.begin(PAIR)
    },
  ],
  ["a column before any row", /outside of a row/, (sink) => sink.int(1)],
  [
    "a column after the row",
    /outside of a row/,
    (sink) => {
      sink.begin(PAIR)
      sink.null()
      sink.empty()
      sink.end()
      sink.null()
    },
  ],
]

describe.each(SINKS)("the %s sink refuses", (_name, open) => {
  test.each(BREACHES)("%s", (_breach, message, commit) => {
    withFolder((folder) => {
      const sink = open(folder)
      expect(() => commit(sink)).toThrow(message)
    })
  })

  test("an end without a beginning", () => {
    withFolder((folder) => expect(() => open(folder).end()).toThrow(/never began|outside of a row/))
  })
})

test("sinks of fixed tables refuse others", () => {
  withFolder((folder) => {
    const tables = [{ schema: PAIR, sql: createTable(PAIR) }]
    const page = new PageFileSink(join(folder, "a.db"), { tables })
    expect(() => page.begin(OTHER)).toThrow("no table other_events")
    for (const sink of [new CsvSink(PAIR, () => {}), new CsvStringifySink(PAIR, () => {})]) {
      expect(() => sink.begin(OTHER)).toThrow("cannot take a row of other_events")
    }
  })
})
