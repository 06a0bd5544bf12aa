import { execFileSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { resolve } from "node:path"
import { describe, expect, it } from "vitest"
import { renderPages } from "../../../../docs/pages.ts"
import { OSQUERY_FLAGS } from "../../../../src/pipeline/flags/flag-table.ts"
import { readFlagValue } from "../../../../src/pipeline/flags/flag-value.ts"
import { OsqueryFlags } from "../../../../src/pipeline/flags/osquery-flags.ts"

describe("the table of flags", () => {
  it("names every flag once, with a default that its own type takes", () => {
    const names = OSQUERY_FLAGS.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const { name, type, defaultValue } of OSQUERY_FLAGS) {
      expect(readFlagValue(type, defaultValue), name).toEqual({ ok: true, text: defaultValue })
    }
  })

  it("has osquery's defaults where they matter most", () => {
    const flags = new OsqueryFlags()
    const values = [
      "disable_audit",
      "audit_backlog_limit",
      "audit_backlog_wait_time",
      "audit_allow_accept_socket_events",
      "events_expiry",
      "events_max",
      "logger_mode",
      "logger_rotate_size",
      "bpf_buffer_storage_size",
    ].map((name) => flags.get(name))
    expect(values).toEqual(["true", "4096", "0", "true", "3600", "50000", "0640", "26214400", "512"])
  })

  it("is documented flag by flag", () => {
    const page = renderPages().get("osquery-flags.md") ?? ""
    for (const { name } of OSQUERY_FLAGS) expect(page).toContain(`| \`${name}\` |`)
  })
})

describe("values", () => {
  it.each([
    ["bool", "yes", "true"],
    ["bool", "T", "true"],
    ["bool", "0", "false"],
    ["bool", "N", "false"],
    ["int32", "-2147483648", "-2147483648"],
    ["uint64", "18446744073709551615", "18446744073709551615"],
    ["uint32", "0x10", "16"],
    ["string", "", ""],
  ] as const)("%s takes %s", (type, raw, text) => {
    expect(readFlagValue(type, raw)).toEqual({ ok: true, text })
  })

  it.each([
    ["bool", ""],
    ["bool", "on"],
    ["int32", "2147483648"],
    ["uint32", "-1"],
    ["uint64", "18446744073709551616"],
    ["int64", "1e3"],
    ["int64", ""],
    ["int32", "12 13"],
  ] as const)("%s refuses '%s'", (type, raw) => {
    expect(readFlagValue(type, raw).ok).toBe(false)
  })
})

describe("OsqueryFlags", () => {
  it("keeps the last value given and knows that it was given", () => {
    const flags = new OsqueryFlags()
    expect(flags.isGiven("events_max")).toBe(false)
    expect(flags.set("events_max", "10", "flagfile")).toEqual({ ok: true })
    expect(flags.set("events_max", "50000", "command-line")).toEqual({ ok: true })
    expect([flags.int("events_max"), flags.isGiven("events_max"), flags.originOf("events_max")]).toEqual([
      50000,
      true,
      "command-line",
    ])
  })

  it("refuses what osquery refuses, and stays as it was", () => {
    const flags = new OsqueryFlags()
    expect(flags.set("event_max", "1", "config")).toEqual({
      ok: false,
      message: "event_max is no flag of osquery that is known here; did you mean events_max?",
    })
    expect(flags.set("events_max", "many", "config").ok).toBe(false)
    expect(flags.set("logger_plugin", "tls", "config")).toMatchObject({
      message: expect.stringContaining("not from a config"),
    })
    expect([flags.get("events_max"), flags.isGiven("logger_plugin")]).toEqual(["50000", false])
    expect(() => flags.get("event_max")).toThrow()
  })

  it("gives the rows of osquery_flags as the troubleshooting guide prints them", () => {
    const flags = new OsqueryFlags()
    flags.set("disable_audit", "false", "command-line")
    const rows = flags.rows().filter(({ name }) => ["disable_audit", "disable_events"].includes(name))
    expect(rows.map(({ description, ...row }) => row)).toEqual([
      { name: "disable_audit", type: "bool", default_value: "true", value: "false", shell_only: 0 },
      { name: "disable_events", type: "bool", default_value: "false", value: "false", shell_only: 0 },
    ])
    const names = flags.rows().map(({ name }) => name)
    const sorted = execFileSync("sort", { input: `${names.join("\n")}\n`, env: { LC_ALL: "C" } })
    expect(names).toEqual(sorted.toString().trim().split("\n"))
  })
})

const REFERENCE = resolve(import.meta.dirname, "../../../../../shared/reference/osquery.md")

describe.skipIf(!existsSync(REFERENCE))("osquery's audit flags (skipped without the reference)", () => {
  it("are all there, with the defaults that its source has", () => {
    const text = existsSync(REFERENCE) ? readFileSync(REFERENCE, "utf8") : ""
    const table = text.slice(text.indexOf("### 2.1 Flags"), text.indexOf("### 2.2"))
    const rows = [...table.matchAll(/^\| ([a-z_, ]+) \| \**(true|false|\d+)\**([^|]*)\|/gm)]
    const expected = rows.flatMap(([, names = "", value, more = ""]) =>
      names.split(", ").map((name) => [name.trim(), value, more.includes("hidden")] as const),
    )
    expect(expected.length).toBeGreaterThan(20)
    const flags = new Map(OSQUERY_FLAGS.map((spec) => [spec.name, spec]))
    const ours = expected.map(([name]) => [name, flags.get(name)?.defaultValue, flags.get(name)?.isHidden])
    expect(ours).toEqual(expected)
  })
})
