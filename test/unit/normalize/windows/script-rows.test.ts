/** powershell_events and dns_lookup_events, against osquery's sequences of parts and in the cases those lack. */
import { existsSync, readFileSync } from "node:fs"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { WINDOWS } from "../../formats/windows/oracles.ts"
import { made, Reading, SYSMON } from "./rows-of.ts"

const VECTORS = path.join(WINDOWS, "../osquery/powershell_events.json")

interface Vectors {
  readonly events: Readonly<Record<string, string>>
  readonly cases: readonly {
    readonly name: string
    readonly feed?: readonly string[]
    readonly expect: { readonly rows?: readonly Record<string, string>[]; readonly row_count?: number }
  }[]
}

const part = (number: number, total: number, text: string, more: Record<string, string> = {}): string =>
  made({
    provider: "Microsoft-Windows-PowerShell",
    id: 4104,
    data: {
      MessageNumber: String(number),
      MessageTotal: String(total),
      ScriptBlockText: text,
      ScriptBlockId: "6abeb3fd",
      ...more,
    },
  })

describe.skipIf(!existsSync(VECTORS))("osquery's sequences (needs ../shared)", () => {
  const { cases, events } = existsSync(VECTORS)
    ? (JSON.parse(readFileSync(VECTORS, "utf8")) as Vectors)
    : { cases: [], events: {} }

  it.each(cases.filter(({ feed }) => feed !== undefined))("$name", ({ feed = [], expect: expected }) => {
    const reading = new Reading()
    for (const name of feed) reading.event(events[name] ?? "")
    const rows = reading.rows("powershell_events")
    expect(rows).toHaveLength(expected.row_count ?? expected.rows?.length ?? 0)
    for (const [at, cells] of (expected.rows ?? []).entries()) {
      const { script_block_count, ...texts } = cells
      expect(rows[at]).toMatchObject({ ...texts, script_block_count: Number(script_block_count) })
    }
  })
})

describe("powershell_events", () => {
  it("joins parts by their numbers, and is where the first that came is", () => {
    const reading = new Reading()
      .event(part(2, 3, "b"))
      .event(part(3, 3, "c"))
      .event(part(1, 3, "a"))
    expect(reading.row("powershell_events")).toMatchObject({
      ...{ script_text: "abc", script_block_count: 3, script_path: "", script_name: "", source_offset: 0 },
      ...{ datetime: "2024-01-02T03:04:05.1234567Z", time: 1_704_164_645, cosine_similarity: null },
    })
    expect(reading.problems).toEqual([])
  })

  it("takes a part that is there twice once, and does not mix hosts", () => {
    const reading = new Reading().event(part(1, 2, "a")).event(part(1, 2, "a"))
    reading.event(part(2, 2, "x").replace("<Computer>web-1", "<Computer>web-2"))
    expect(reading.rows("powershell_events")).toEqual([])
    reading.event(part(2, 2, "b"))
    expect(reading.row("powershell_events").script_text).toBe("ab")
  })

  it("writes what is incomplete at the end, and says so", () => {
    const reading = new Reading().event(part(3, 3, "c")).event(part(1, 3, "a"))
    reading.normalizer.end()
    expect(reading.row("powershell_events")).toMatchObject({ script_text: "ac", script_block_count: 3 })
    expect(reading.problems).toMatchObject([
      {
        code: "windows/incomplete-script",
        offset: 0,
        message: "2 of the 3 parts of a script block are there",
      },
    ])
  })

  it("keeps no more than it may", () => {
    const reading = new Reading()
    for (let at = 0; at < 5000; at++) reading.event(part(1, 2 ** 31, "a", { ScriptBlockId: String(at) }))
    expect(reading.rows("powershell_events").length).toBe(5000 - 4096)
    const large = "b".repeat(1024 * 1024)
    for (let at = 0; at < 80; at++) reading.event(part(at + 1, 1000, large, { ScriptBlockId: "large" }))
    expect(reading.rows("powershell_events").length).toBe(5001)
  })

  it("takes the name from the path, and numbers that are none for one part", () => {
    const reading = new Reading().event(part(1, 1, "a", { Path: "C:\\x80\\run.ps1" }))
    reading.event(part(1, 1, "a", { MessageTotal: "x", Path: "" }))
    expect(reading.rows("powershell_events").map((row) => [row.script_name, row.script_path])).toEqual([
      ["run.ps1", "C:\\x80\\run.ps1"],
      ["", ""],
    ])
  })
})

describe("dns_lookup_events", () => {
  it("come from Sysmon", () => {
    const data = {
      ...{
        ProcessId: "1636",
        QueryName: "web-1.example",
        QueryStatus: "0",
        QueryResults: "::ffff:192.0.2.1;",
      },
      ...{ Image: "C:\\a.exe", User: "CORP\\alice" },
    }
    expect(
      new Reading().event(made({ provider: SYSMON, id: 22, data })).row("dns_lookup_events"),
    ).toMatchObject({
      ...{ eid: 1, pid: 1636, path: "C:\\a.exe", username: "alice", name: "web-1.example", type: "" },
      ...{ type_id: null, status: 0, response: "::ffff:192.0.2.1;", event_type: "lookup" },
      time_windows: (1_704_164_645n + 11_644_473_600n) * 10_000_000n + 1_234_567n,
    })
  })

  it("come from the DNS client", () => {
    const data = { QueryName: "web-1.example", QueryType: "28", QueryStatus: "9003", QueryResults: "" }
    const provider = "Microsoft-Windows-DNS-Client"
    const row = new Reading().event(made({ provider, id: 3008, data })).row("dns_lookup_events")
    expect(row).toMatchObject({ pid: 4, type: "AAAA", type_id: 28, status: 9003, event_type: "response" })
  })
})
