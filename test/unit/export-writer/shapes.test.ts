/** Every shape is sound in its own notation, and holds every event. */
import { describe, expect, it } from "vitest"
import { Parser } from "xml2js"
import { EXPORT_CASES } from "../../export-writer/cases.ts"

const DECODERS = new Map([
  ["wevtutil-utf16", "utf-16le"],
  ["wevtutil-bare-utf16", "utf-16le"],
  ["powershell-5", "utf-16le"],
  ["clixml", "utf-16le"],
  ["wevtutil-1252", "windows-1252"],
])
const cases = EXPORT_CASES.map((one) => {
  const name = one.folder.replace(/^.*\//, "")
  const text = new TextDecoder(DECODERS.get(name) ?? "utf-8", { fatal: true }).decode(one.bytes)
  return { ...one, name, text }
})
const count = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].length

describe("XML", () => {
  const shapes = cases.filter(({ variant }) => variant === "xml" || variant === "clixml")
  it.each(shapes.map((one) => [one.name, one] as const))("%s", async (_, { text, events, variant }) => {
    const bare = text.replaceAll(/<\?xml.*?\?>/g, "").replaceAll(/^(?:Record \d+| *- (?=<))/gm, "")
    const root: unknown = await new Parser().parseStringPromise(`<All>${bare}</All>`)
    expect(root).toBeTypeOf("object")
    expect(count(text, variant === "xml" ? /<Event[ >]/g : /<I32 N="Id">/g)).toBe(events.length)
  })
})

describe("JSON", () => {
  const shapes = cases.filter(({ variant, name }) => variant.endsWith("-json") || name === "detections")
  it.each(shapes.map((one) => [one.name, one] as const))("%s", (_, { text, events, name }) => {
    const values = name.includes("powershell") || name === "osquery-rows" ? [text] : splitValues(text)
    const parsed = values.flatMap((value): unknown => JSON.parse(value))
    if (name !== "detections") expect(parsed).toHaveLength(events.length)
  })
})

it("says numbers in full that no double holds", () => {
  const text = cases.find(({ name }) => name === "velociraptor")?.text
  expect(text).toContain('"Keywords":9232379236109516800,')
  const nxlog = cases.find(({ name }) => name === "nxlog")?.text
  expect(nxlog).toContain('"Keywords":-9214364837600034816,')
  expect(nxlog).toContain('"EventTime":"2026-03-04 00:06:02"')
})

it("writes CSV whose quotes are doubled", () => {
  const [head, first] = cases.find(({ name }) => name === "evtxecmd-csv")?.text.split("\r\n") ?? []
  expect(head).toMatch(/^\ufeff?RecordNumber,EventRecordId,TimeCreated,/)
  expect(first).toContain('"{""EventData"":{""Data"":[{""@Name"":""SubjectUserSid"",')
})

function splitValues(text: string): string[] {
  return text
    .replace(/^\ufeff/, "")
    .split(/^Record \d+\n|(?<=\})\r?\n(?=\{)/m)
    .filter((value) => value.trim() !== "")
}
