/** Streams of messages: their forms, their damage, in pieces, and read on. */
import { execFileSync } from "node:child_process"
import { describe, expect, it } from "vitest"
import { createEsReader } from "../../../../src/app/reading/es-reader.ts"
import { newTally } from "../../../../src/app/reading/reader.ts"
import type { Problem } from "../../../../src/base/problem.ts"
import { detectEndpointSecurity } from "../../../../src/formats/endpoint-security/detect.ts"
import { ObjectSink } from "../../../../src/rows/object-sink.ts"
import { ES_CASES } from "../../../es-writer/cases.ts"
import { toJson, toLines } from "../../../es-writer/message.ts"
import { session } from "../../../es-writer/session.ts"
import { hasShared, readMessages, rowsOf, sharedFile } from "../../normalize/endpoint-security/rows-of.ts"

const lines = session(9).map((one) => toJson(one))
const [first = "", second = "", third = ""] = lines

describe("every case", () => {
  it.each(ES_CASES.map((one) => [one.folder, one] as const))(
    "%s is recognised",
    (_, { content, variant }) => {
      expect(detectEndpointSecurity(content, "input")?.variant).toBe(variant)
    },
  )

  it.each(ES_CASES.map((one) => [one.folder, one] as const))(
    "%s in pieces gives what it gives whole",
    (_, one) => {
      const { tally, variant, ...whole } = readMessages(one.content)
      for (const piece of [1, 7, 211]) expect(readMessages(one.content, { piece })).toMatchObject(whole)
    },
  )
})

describe("damage", () => {
  const codes = (problems: readonly Problem[]) =>
    problems.map(({ code, offset, length }) => [code, offset, length])

  it("of a line costs that line", () => {
    const cut = second.slice(0, 1500)
    const { problems, tally } = readMessages(`${first}\n${cut}\n${third}\n`)
    expect(tally).toMatchObject({ events: 2, rejected: 1, records: 3 })
    expect(codes(problems)).toEqual([["endpoint-security/bad-json", first.length + 1, 1501]])
  })

  it("at the end is told", () => {
    const { problems, tally } = readMessages(`${first}\n${second.slice(0, 99)}`)
    expect(codes(problems)).toEqual([["endpoint-security/bad-json", first.length + 1, 99]])
    expect(problems[0]?.message).toContain("cut off")
    expect(tally.events).toBe(1)
  })

  it("is every object that is no message", () => {
    const { problems } = readMessages(`${first}\n{"a":1}\n${third}`)
    expect(codes(problems)).toEqual([["endpoint-security/not-a-message", first.length + 1, 7]])
  })

  it("of a byte in a text costs nothing but a warning", () => {
    const { problems, tally, records } = readMessages(first.replace("com.apple", "com\\qapple"), {
      isRecords: true,
    })
    expect(codes(problems)).toEqual([["endpoint-security/bad-escape", 0, first.length + 1]])
    expect(tally.events).toBe(1)
    expect(JSON.stringify(JSON.parse(records[0] ?? ""))).toContain("com\\\\qapple")
  })

  it.skipIf(!hasShared())("in the shared lines is found (skipped without them)", () => {
    const { problems, tally } = readMessages(sharedFile("generated/damaged-lines.ndjson"))
    expect(tally.events).toBe(5)
    expect(problems.map(({ code }) => code)).toContain("endpoint-security/not-a-message")
  })
})

describe("forms", () => {
  it.each([
    ["CR LF and a mark", `\ufeff${lines.join("\r\n")}\r\n`],
    ["a list", `[${lines.join(",")}]`],
    ["a pretty list", `[\n${lines.join(",\n")}\n]\n`],
    ["nothing between", lines.join("")],
    [
      "pretty objects",
      session(9)
        .map((one) => toJson(one, 2))
        .join("\n"),
    ],
    ["record separators", lines.map((line) => `\x1e${line}\n`).join("")],
  ])("%s give the same rows", (_, text) => {
    const place = (rows: ObjectSink["rows"]) =>
      rows.map(({ table, values: { source_offset, ...rest } }) => ({ table, ...rest }))
    const wanted = readMessages(toLines(session(9)))
    const got = readMessages(text)
    expect(got.problems).toEqual([])
    expect(place(got.rows)).toEqual(place(wanted.rows))
  })

  it("are numbered by offset", () => {
    const offsets = rowsOf(readMessages(toLines(session(9))), "es_process_events").map(
      (row) => row.source_offset,
    )
    expect(offsets.slice(0, 2)).toEqual([0, first.length + 1])
  })
})

describe("reading on", () => {
  it("at any byte gives the rows of one reading", () => {
    const bytes = Buffer.from(toLines([...session(9), ...session(9)]))
    const whole = readMessages(bytes)
    for (let cut = 1; cut < bytes.length; cut += 997) {
      const sink = new ObjectSink()
      const eids = new Map<string, number>()
      const open = () => {
        const options = { writer: sink, host: "mac-1", eids, problem: () => {}, gap: () => {} }
        const reader = createEsReader(options)
        const detection = { ...DETECTION }
        reader.beginSource({ sourceId: 1, detection, modifiedMs: 0, tally: newTally() })
        return reader
      }
      const before = open()
      before.push(bytes.subarray(0, cut), 0)
      const after = open()
      expect(after.restoreState(before.saveState())).toBe(true)
      for (const { table, values } of [...sink.rows]) {
        if (table !== "process_events") continue
        const text = (name: string) => String(values[name] ?? "")
        const number = (name: string) => (typeof values[name] === "number" ? (values[name] as number) : null)
        after.replay({
          ...{
            host: text("host"),
            eventType: text("event_type"),
            path: text("path"),
            parentPath: text("parent_path"),
          },
          ...{ pid: number("pid"), parent: number("parent"), status: number("status"), time: number("time") },
        })
      }
      after.push(bytes.subarray(before.consumedTo), before.consumedTo)
      after.endSource()
      expect(sink.rows).toEqual(whole.rows)
    }
  })
})

describe.skipIf(!hasShared())("the shared lines (skipped without them)", () => {
  it.each(["v8", "v9", "v10", "v11"])("all events %s are named, and read without a problem", (version) => {
    const bytes = sharedFile(`generated/all-events-${version}.ndjson`)
    const { records, problems } = readMessages(bytes, { isRecords: true })
    const wanted = bytes
      .toString()
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as { event: Record<string, unknown> })
    expect(problems).toEqual([])
    const got = records.map((record) => JSON.parse(record) as { type: string; message: unknown })
    expect(got.map(({ type }) => type)).toEqual(wanted.map(({ event }) => Object.keys(event)[0]))
    expect(got.map(({ message }) => message)).toEqual(wanted)
    expect(new Set(got.map(({ type }) => type)).size).toBeGreaterThan(100)
  })

  it("keeps every digit and every byte in records, as python reads them", () => {
    const script =
      "import json,sys\nr,o=sys.stdin.read().split('\\0')\n" +
      "r=[json.loads(l)['message'] for l in r.splitlines()]\no=[json.loads(l) for l in o.splitlines()]\nprint(len(o), r==o)"
    const bytes = sharedFile("generated/session-v11.ndjson")
    const { records } = readMessages(bytes, { isRecords: true })
    const input = `${records.join("\n")}\0${bytes.toString()}`
    expect(execFileSync("python3", ["-c", script], { input, encoding: "utf8" }).trim()).toBe("60 True")
    expect(records[0]).toContain('"st_ino":1152921500312525701')
  })
})

const DETECTION = {
  ...{ format: "endpoint-security", variant: "eslogger", title: "", why: "", firstTimeMs: 0 },
  confidence: "certain",
} as const
