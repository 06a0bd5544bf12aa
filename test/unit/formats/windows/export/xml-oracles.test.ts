/** Exports in XML against other readers: xml2js over the same text, and the events that EVTX readers agree on. */
import { existsSync, globSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { gunzipSync } from "node:zlib"
import { describe, expect, it } from "vitest"
import { parseStringPromise } from "xml2js"
import { readExport } from "./read-export.ts"

const shared = resolve(import.meta.dirname, "../../../../../../shared/data/windows")
const isThere = existsSync(shared)
const files = (pattern: string): string[] => (isThere ? globSync(pattern, { cwd: shared }).sort() : [])

interface OracleLine {
  readonly xml?: string
  readonly corrupt?: string
  readonly agree?: { readonly libevtx: boolean | null }
}

interface Element {
  readonly "#name": string
  readonly $?: Record<string, string>
  readonly _?: string
  readonly $$?: readonly Element[]
}

describe.skipIf(!isThere)("events in XML (skipped: needs shared data)", () => {
  it.each(files("{EvtxECmd-map-examples,osquery-windows_events/input}/**/*.xml"))(
    "%s is read as xml2js reads it",
    async (file) => {
      const bytes = readFileSync(join(shared, file))
      const { events, problems } = readExport(bytes, { variant: "xml", pieces: [7, 1000] })
      const expected = await eventsOf(bytes.toString("utf8"))
      if (expected === null) return
      expect(problems.filter(({ severity }) => severity !== "info")).toEqual([])
      expect(events.map(({ xml }) => comparable(xml))).toEqual(expected.map(comparable))
    },
  )

  it.each(files("*/oracle/*.libevtx.xml.gz"))("%s gives the events that all readers agree on", (file) => {
    const text = gunzipSync(readFileSync(join(shared, file)))
    const oracle = gunzipSync(readFileSync(join(shared, file.replace(".libevtx.xml.gz", ".oracle.jsonl.gz"))))
    const lines = oracle
      .toString("utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as OracleLine)
    const { events } = readExport(text, { variant: "xml" })
    const ours = new Map<string, number>()
    for (const { xml } of events) {
      const key = withoutTimes(xml)
      ours.set(key, (ours.get(key) ?? 0) + 1)
    }
    const missed = lines
      .filter(({ agree, xml }) => agree?.libevtx === true && xml !== undefined)
      .map(({ xml = "" }) => withoutTimes(xml))
      .filter((xml) => {
        const left = ours.get(xml) ?? 0
        ours.set(xml, left - 1)
        return left <= 0
      })
    expect(missed.slice(0, 3)).toEqual([])
  })
})

/** Digits of a second differ between the two, and evtxexport drops a text of line ends only. */
function withoutTimes(xml: string): string {
  return xml.replaceAll(/>\s+<\/Data>/g, "/>").replaceAll(/(\d\d:\d\d:\d\d\.\d{7})\d*Z/g, "$1Z")
}

/** What a strict XML reader cannot know: line ends, and what the dialect of EvtxECmd's examples becomes. */
function comparable(xml: string): string {
  return xml
    .replaceAll("\r\n", "\n")
    .replaceAll(/ SystemTime="[^"]*"/g, "")
    .replaceAll(/ (?:Qualifiers|ActivityID|RelatedActivityID|UserID|Guid)=""/g, "")
}

async function eventsOf(text: string): Promise<string[] | null> {
  const start = text.indexOf("<Event")
  const body = text.slice(start).replace(/<\/?Events>/g, "")
  const options = {
    explicitChildren: true,
    preserveChildrenOrder: true,
    charsAsChildren: false,
    includeWhiteChars: true,
  }
  try {
    const root = (await parseStringPromise(`<all>${body}</all>`, options)) as { all: Element }
    return (root.all.$$ ?? []).map(printElement)
  } catch {
    return null
  }
}

function printElement(element: Element): string {
  const attributes = Object.entries(element.$ ?? {}).map(
    ([name, value]) => ` ${name}="${escapeText(value).replaceAll('"', "&quot;").replaceAll("'", "&apos;")}"`,
  )
  const children = (element.$$ ?? []).map(printElement).join("")
  const own = element._ ?? ""
  const content =
    own.replaceAll(/[\s-]/g, "") === "" && (children !== "" || own.includes("\n"))
      ? children
      : escapeText(own) + children
  const tag = `${element["#name"]}${attributes.join("")}`
  return content === "" ? `<${tag}/>` : `<${tag}>${content}</${element["#name"]}>`
}

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
}
