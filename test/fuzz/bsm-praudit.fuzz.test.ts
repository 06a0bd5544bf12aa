/**
 * No damage makes praudit's forms or a selection throw, and the XML of any trail parses.
 *
 * RETRAIL_TEST_BSM_TEXT_MUTANTS and RETRAIL_TEST_SEED try more of them, or others.
 */
import { expect, it } from "vitest"
import { parseStringPromise } from "xml2js"
import { GrowingBytes } from "../../src/base/growing-bytes.ts"
import { BsmParser } from "../../src/formats/bsm/bsm-parser.ts"
import type { PrauditOptions } from "../../src/formats/bsm/render/praudit/options.ts"
import { PrauditRenderer } from "../../src/formats/bsm/render/praudit/praudit.ts"
import { BsmSelector } from "../../src/formats/bsm/select/selector.ts"
import { EVERY_TOKEN, RAW_TOKENS } from "../bsm-writer/every-token.ts"
import { record } from "../bsm-writer/record.ts"
import { text } from "../bsm-writer/tokens.ts"

const MUTANTS = Number(process.env.RETRAIL_TEST_BSM_TEXT_MUTANTS ?? 100)
const FIRST_SEED = Number(process.env.RETRAIL_TEST_SEED ?? 1)
const FORMS: readonly Partial<PrauditOptions>[] = [
  {},
  { isOneLine: true, form: "short" },
  { form: "raw" },
  { isTerminal: true },
  { isXml: true },
  { isXml: true, form: "raw", isOneLine: true },
]
const SELECTION = {
  events: [23],
  classes: { success: 0xffff_ffff, failure: 0xffff_ffff },
  auid: 501,
  pid: 7,
  zone: "j*",
  objects: [
    { kind: "file", value: "~a*b,.*" },
    { kind: "pid", value: "7" },
    { kind: "semid", value: "17" },
  ],
} as const

const trail = Buffer.concat(
  [...EVERY_TOKEN, ...RAW_TOKENS].map(({ bytes }, at) =>
    record(
      23,
      [text("before"), bytes, text("after")],
      at % 3 === 0 ? { host: "192.0.2.1", isWide: at % 2 === 0 } : {},
    ),
  ),
)

/** A generator that gives the same numbers for the same seed: xorshift. */
function numbers(seed: number): (below: number) => number {
  let state = (seed * 2_654_435_761) >>> 0 || 1
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

/** Bytes changed within some tokens: sizes and trailers mostly stay, so that records are read. */
function damage(seed: number): Buffer {
  const next = numbers(seed)
  const bytes = Buffer.from(trail)
  for (let left = 1 + next(40); left > 0; left--)
    bytes[next(bytes.length)] = next(4) === 0 ? next(256) : next(5)
  return next(5) === 0 ? bytes.subarray(0, next(bytes.length)) : bytes
}

it(`${MUTANTS} damaged trails`, async () => {
  let records = 0
  for (let seed = FIRST_SEED; seed < FIRST_SEED + MUTANTS; seed++) {
    const outputs = FORMS.map((form) => ({
      renderer: new PrauditRenderer({
        form: "default",
        isXml: false,
        isOneLine: false,
        delimiter: ",",
        ...form,
      }),
      out: new GrowingBytes(64 * 1024),
      isXml: form.isXml === true,
    }))
    const selector = new BsmSelector(SELECTION)
    const parser: BsmParser = new BsmParser({
      record: (one) => {
        records++
        selector.selects(one, parser.platform)
        for (const { renderer, out } of outputs) renderer.render(one, parser.platform, out)
      },
      problem: () => {},
      gap: () => {},
    })
    parser.beginSource({ sourceId: 1, platform: "unknown" })
    parser.push(damage(seed), 0)
    parser.endSource()
    for (const { out, isXml } of outputs) {
      if (!isXml) continue
      const xml = `<audit>${out.bytes.toString("utf8", 0, out.used)}</audit>`
      await expect(parseStringPromise(xml), `seed ${seed}`).resolves.toBeDefined()
    }
  }
  expect(records).toBeGreaterThan(MUTANTS * 20)
}, 600_000)
