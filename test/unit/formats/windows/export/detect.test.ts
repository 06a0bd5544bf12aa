/** Detection of exports: what is one, what is not. */
import { existsSync, globSync, readFileSync, statSync } from "node:fs"
import { join, resolve } from "node:path"
import { gunzipSync } from "node:zlib"
import { describe, expect, it } from "vitest"
import { detectWindowsExport } from "../../../../../src/formats/windows/export/detect.ts"
import { readExport } from "./read-export.ts"

const root = resolve(import.meta.dirname, "../../../../..")
const shared = resolve(root, "../shared/data/windows")
const isThere = existsSync(shared)
const variantOf = (text: string | Buffer): string | undefined =>
  detectWindowsExport(Buffer.from(text as string), "x")?.variant

const EVENT =
  "<Event xmlns='u'><System><TimeCreated SystemTime='2021-03-31T23:51:45.018767Z'/></System></Event>"

describe("XML", () => {
  it.each([
    ["bare", EVENT],
    ["with a root", `<?xml version="1.0"?>\r\n<Events>\r\n  ${EVENT}`],
    ["of the old viewer", `- ${EVENT}`],
    ["of evtx_dump", `Record 1\n<?xml version="1.0" encoding="utf-8"?>\n${EVENT}`],
    ["in a syslog", `Nov 25 12:00:00 web-1 sysmon: ${EVENT}`],
    ["in UTF-16LE", Buffer.from(EVENT, "utf16le")],
    ["in UTF-16BE with a mark", Buffer.from(`\ufeff${EVENT}`, "utf16le").swap16()],
  ])("%s", (_name, text) => {
    const detection = detectWindowsExport(Buffer.from(text as string), "x")
    expect(detection).toMatchObject({ format: "windows-export", variant: "xml" })
    expect(detection?.firstTimeMs).toBe(Date.parse("2021-03-31T23:51:45.018Z"))
  })
})

describe("an export whose shape nobody told", () => {
  it.each([
    ["XML", EVENT.replace("<Event", "words <Event")],
    ["JSON", '{"a":1}\n{"EventID":1,"Channel":"x","TimeCreated":"2021-03-31T23:51:45.0Z"}'],
    ["CSV", "EventID,Channel,TimeCreated\n1,x,2021-03-31T23:51:45.0Z\n"],
    ["JSON in UTF-16", Buffer.from('[{"EventID":1,"Channel":"x","TimeCreated":"y"}]', "utf16le")],
  ])("is read by its first characters: %s", (_name, text) => {
    const { events } = readExport(Buffer.from(text as string), { variant: "any" })
    expect(events).toHaveLength(1)
  })
})

describe("what is no export", () => {
  it.each([
    ["nothing", ""],
    ["other XML", "<Events><Event><Name>x</Name></Event></Events>"],
    ["other JSON", '{"Event":{"name":"x"}}\n{"EventID":1}\n'],
    ["a package file", '{"name":"x","Id":1,"Channel":"c"}'],
    [
      "detections of hayabusa",
      '{"Timestamp":"x","RuleTitle":"y","Computer":"c","Channel":"Sec","EventID":4688,"@timestamp":"x"}',
    ],
    [
      "detections of chainsaw",
      '[{"group":"Sigma","kind":"individual","document":{"kind":"evtx","data":{"Event":{"System":{"EventID":1}}}}}]',
    ],
    [
      "rows that were made of events",
      '{"_table":"windows_events","eventid":1,"source":"Security","provider_name":"p","data":"{}"}\n',
    ],
    [
      "records that were made of events",
      '{"format":"evtx","offset":512,"length":9,"event":{"System":{"Provider":{"Name":"p"},"EventID":1}}}\n',
    ],
    ["other CSV", "EventID,Name,Value,Time\n1,2,3,4\n"],
    ["a log that quotes an event", `message text=<Event><System> and so on\n`],
    ["few events in other objects", '{"a":1}\n{"a":2}\n{"EventID":1,"Channel":"x","TimeCreated":"y"}\n'],
  ])("%s", (_name, text) => {
    expect(variantOf(text)).toBeUndefined()
  })

  const cases = globSync("corpus/linux-audit/**/input.*", { cwd: root }).sort()
  it.each(cases.filter((path) => !/\.(?:gz|zip|tar|zst)$/.test(path)))("%s", (path) => {
    const file = join(root, path)
    if (statSync(file).isFile()) expect(variantOf(readFileSync(file).subarray(0, 262_144))).toBeUndefined()
  })
})

describe.skipIf(!isThere)("exports of others (skipped: needs shared data)", () => {
  const files = isThere ? globSync("OTRF-Security-Datasets/*.json.gz", { cwd: shared }).sort() : []

  it.each(files)("%s is recognised, and all of it read", (file) => {
    const bytes = gunzipSync(readFileSync(join(shared, file)))
    const detection = detectWindowsExport(bytes.subarray(0, 262_144), file)
    expect(detection).toMatchObject({ confidence: "certain" })
    const { events, problems, records } = readExport(bytes, {
      variant: detection?.variant ?? "",
      pieces: [100_000],
    })
    expect(records).toBe(
      bytes
        .toString("latin1")
        .split("\n")
        .filter((line) => line.trim() !== "").length,
    )
    // One text of a syslog was cut by its writer.
    expect(problems.length).toBe(file.includes("syslog_sysmon") ? 1 : 0)
    expect(events.filter(({ xml }) => !/SystemTime="20[12]\d-[^"]*T[^"]*Z"/.test(xml))).toEqual([])
    expect(events.filter(({ xml }) => !/<EventID>\d+<\/EventID>/.test(xml))).toEqual([])
  })

  it.each(isThere ? globSync("*/oracle/*.evtx_dump.jsonl.gz", { cwd: shared }).sort() : [])(
    "%s gives the events that EVTX readers agree on",
    (file) => {
      const bytes = gunzipSync(readFileSync(join(shared, file)))
      const oracle = gunzipSync(readFileSync(join(shared, file.replace(".evtx_dump.", ".oracle."))))
      const { events, problems } = readExport(bytes, { variant: "evtx-dump-json" })
      const ours = new Set(events.map(({ xml }) => comparable(xml)))
      const lines = oracle
        .toString("utf8")
        .trim()
        .split("\n")
        .map((text) => JSON.parse(text) as OracleLine)
      const missed = lines.filter(
        ({ agree, xml }) => agree?.evtx === true && xml !== undefined && !ours.has(comparable(xml)),
      )
      expect(problems).toEqual([])
      expect(missed.map(({ xml }) => xml).slice(0, 2)).toEqual([])
    },
  )
})

interface OracleLine {
  readonly xml?: string
  readonly agree?: { readonly evtx: boolean | null }
}

/** evtx_dump prints six digits of every second, and does not tell an empty element from none. */
function comparable(xml: string): string {
  return xml
    .replaceAll(
      /(\d\d:\d\d:\d\d)\.(\d{1,9})Z/g,
      (_time, second: string, digits: string) => `${second}.${digits.padEnd(6, "0").slice(0, 6)}Z`,
    )
    .replaceAll("<Binary/>", "")
}
