/** Reading on in another process gives the rows that one process gives, wherever the first one stopped. */
import { expect, it } from "vitest"
import type { BsmNormalizerState } from "../../../../src/normalize/bsm/bsm-normalizer.ts"
import type { ProcessRow } from "../../../../src/store/case-store.ts"
import { args, argument, attributes, exit, inet, path, record, returns, SECOND, subject } from "./made.ts"
import { Reading, type Row } from "./rows-of.ts"

const fork = (parent: number, child: number, second: number): Buffer =>
  record(2, [argument(0, child), subject({ pid: parent }), returns(0, child)], second)
const exec = (pid: number, name: string, second: number): Buffer =>
  record(23, [args("x"), path(name), attributes(), subject({ pid }), returns()], second)

const RECORDS = [
  exec(4, "/srv/demo/sh", SECOND),
  fork(4, 5, SECOND),
  record(45_000, [returns()], SECOND + 1),
  exec(5, "/srv/demo/a", SECOND + 2),
  record(8, [path("/srv/demo"), subject({ pid: 5 }), returns()], SECOND + 2),
  fork(5, 6, SECOND + 2),
  record(43_190, [argument(0, 7), path("/dev/null"), subject({ pid: 6 }), returns()], SECOND + 2),
  record(43_190, [argument(0, 8), path("/b"), attributes(), subject({ pid: 6 }), returns()], SECOND + 2),
  exec(6, "/srv/demo/c", SECOND + 3),
  record(1, [exit(1), subject({ pid: 5 }), returns()], SECOND + 3),
  record(32, [inet("192.0.2.1", 1), subject({ pid: 6 }), returns()], SECOND + 90_000),
  fork(7, 9, SECOND + 90_000),
  exec(8, "/srv/demo/d", SECOND + 90_000),
  exec(5, "/srv/demo/e", SECOND + 90_000),
]

const toProcessRow = (row: Row): ProcessRow => ({
  host: String(row.host),
  pid: row.pid as number | null,
  parent: row.parent as number | null,
  eventType: String(row.event_type),
  status: row.status as number | null,
  path: String(row.path),
  parentPath: String(row.parent_path),
  time: row.time as number | null,
})

it.each(RECORDS.map((_, at) => at))("stopped before record %i", (at) => {
  const whole = new Reading().read(...RECORDS)
  const first = new Reading().read(...RECORDS.slice(0, at))
  const second = new Reading("macos", { eids: first.eids })
  const state = JSON.parse(JSON.stringify(first.normalizer.saveState())) as BsmNormalizerState
  second.normalizer.restoreState(state)
  for (const row of first.rows("process_events")) second.normalizer.replay(toProcessRow(row))
  second.read(...RECORDS.slice(at))
  const withoutOffset = ({ sink }: Reading): unknown[] =>
    sink.rows.map(({ table, values }) => ({ table, ...values, source_offset: 0 }))
  expect([...withoutOffset(first), ...withoutOffset(second)]).toEqual(withoutOffset(whole))
  expect(second.normalizer.saveState()).toEqual(whole.normalizer.saveState())
})
