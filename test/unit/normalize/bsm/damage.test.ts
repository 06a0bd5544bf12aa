/** Whatever stands in the tokens of a record, its rows can be written. */
import { existsSync, globSync, readFileSync } from "node:fs"
import path from "node:path"
import { expect, it } from "vitest"
import { BsmRecord } from "../../../../src/formats/bsm/record.ts"
import type { BsmPlatform } from "../../../../src/formats/bsm/tables/events.ts"
import { walkRecord } from "../../../../src/formats/bsm/token-walk.ts"
import { BsmNormalizer } from "../../../../src/normalize/bsm/bsm-normalizer.ts"
import { ObjectSink } from "../../../../src/rows/object-sink.ts"
import { seededRandom } from "../../../acceptance/read-rows.ts"
import {
  args,
  argument,
  attributes,
  exit,
  inet6,
  pair,
  path as pathToken,
  record,
  returns,
  subject,
  text,
  unix,
} from "./made.ts"

const MUTANTS = Number(process.env.RETRAIL_TEST_BSM_MUTANTS ?? 400)
const PLATFORMS: readonly BsmPlatform[] = ["macos", "freebsd", "solaris", "unknown"]
const EVENTS = [
  1, 2, 8, 21, 23, 24, 32, 33, 42, 72, 6152, 6159, 32_800, 43_190, 43_207, 44_901, 45_000, 45_026, 45_028,
]
const TOKENS = [
  args("a", "", "b"),
  argument(0, 5),
  argument(1, 3),
  pathToken("/srv/demo/a"),
  pathToken("b"),
  attributes(),
  exit(1),
  inet6("20010db8000000000000000000000002", 443),
  unix("s"),
  pair("192.0.2.1", 1, "192.0.2.2", 2),
  text("successful login alice"),
  subject(),
  returns(0, 7),
]

it(`${MUTANTS} mutants`, () => {
  const random = seededRandom(7)
  const pick = <Value>(list: readonly Value[]): Value => list[Math.floor(random() * list.length)] as Value
  const normalizers = PLATFORMS.map((platform) => {
    const sink = new ObjectSink()
    return { platform, sink, normalizer: new BsmNormalizer({ writer: sink, host: "" }) }
  })
  const tape = new BsmRecord()
  for (let mutant = 0; mutant < MUTANTS; mutant++) {
    const tokens = Array.from({ length: 1 + Math.floor(random() * 8) }, () => pick(TOKENS))
    const bytes = Buffer.from(record(pick(EVENTS), tokens, Math.floor(random() * 2 ** 32)))
    for (let hit = Math.floor(random() * 4); hit > 0; hit--)
      bytes[18 + Math.floor(random() * (bytes.length - 25))] = Math.floor(random() * 256)
    for (const { platform, normalizer } of normalizers) {
      walkRecord(tape, bytes, 0, bytes.length, mutant)
      normalizer.record(tape, platform, 1)
    }
  }
  const tables = new Set(normalizers.flatMap(({ sink }) => sink.rows.map(({ table }) => table)))
  expect([...tables].sort()).toEqual([
    "process_events",
    "process_file_events",
    "socket_events",
    "user_events",
  ])
})

const SHARED = path.resolve(import.meta.dirname, "../../../../../shared/data/bsm")

it.skipIf(!existsSync(SHARED))("every token in every width (needs ../shared)", () => {
  const sink = new ObjectSink()
  const normalizer = new BsmNormalizer({ writer: sink, host: "" })
  const tape = new BsmRecord()
  let records = 0
  for (const file of globSync(path.join(SHARED, "generated/{all-tokens,exotic-tokens,headers}.bsm"))) {
    const bytes = readFileSync(file)
    for (let at = 0; at < bytes.length; ) {
      const isFile = bytes[at] === 0x11 || bytes[at] === 0x78
      const end = bytes[at] === 0x11 ? at + 11 + bytes.readUInt16BE(at + 9) : at + bytes.readUInt32BE(at + 1)
      if (!isFile && end - at >= 25) {
        walkRecord(tape, bytes, at, end, at)
        for (const platform of PLATFORMS) normalizer.record(tape, platform, 1)
        records++
      }
      at = Math.max(end, at + 1)
    }
  }
  expect(records).toBeGreaterThan(290)
})
