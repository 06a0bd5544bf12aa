import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  allQueries,
  type ConfigRules,
  type OsqueryConfig,
  parseConfig,
} from "../../../../src/pipeline/schedule/config.ts"
import { stripComments } from "../../../../src/pipeline/schedule/config-comments.ts"
import { loadConfig } from "../../../../src/pipeline/schedule/config-file.ts"
import { isForPlatform, machineShard } from "../../../../src/pipeline/schedule/pack.ts"

const RULES: ConfigRules = {
  platform: "linux",
  host: "web-1",
  packDelimiter: "_",
  defaultIntervalS: 3600,
  readPackFile: (path) => ({ message: `${path} does not exist` }),
}

function parse(
  content: unknown,
  rules: ConfigRules = RULES,
): { config: OsqueryConfig; warnings: readonly string[] } {
  const result = parseConfig(typeof content === "string" ? content : JSON.stringify(content), rules)
  if (!result.ok) throw new Error(result.message)
  return result
}

const names = (config: OsqueryConfig) => allQueries(config).map(({ name }) => name)
const QUERY = { query: "SELECT 1", interval: 10 }

describe("a config", () => {
  it("has the parts that osquery knows, and no more", () => {
    const { config, warnings } = parse({
      schedule: {
        execs: { query: "SELECT * FROM process_events", interval: 60, removed: false },
        hosts: { query: "SELECT 1", interval: "300", snapshot: "true", denylist: false },
      },
      options: {
        events_max: 100,
        audit_allow_config: true,
        host_identifier: "uuid",
        custom_x: "1",
        nullvalue: "",
      },
      decorators: { load: ["SELECT 1 AS a", 2], always: ["SELECT 2"], interval: { 120: ["SELECT 3"] } },
      events: { enable_subscribers: ["socket_events"], disable_subscribers: ["user_events"] },
      file_paths: { etc: ["/etc/%%"] },
    })
    expect(warnings).toEqual([])
    expect(config).toEqual({
      schedule: [
        {
          name: "execs",
          sql: "SELECT * FROM process_events",
          intervalS: 60,
          isSnapshot: false,
          keepsRemoved: false,
          pack: "",
        },
        { name: "hosts", sql: "SELECT 1", intervalS: 300, isSnapshot: true, keepsRemoved: true, pack: "" },
      ],
      packs: [],
      options: new Map([
        ["events_max", "100"],
        ["audit_allow_config", "true"],
        ["host_identifier", "uuid"],
      ]),
      decorators: {
        load: ["SELECT 1 AS a"],
        always: ["SELECT 2"],
        interval: [{ everyS: 120, queries: ["SELECT 3"] }],
      },
      enabledSubscribers: ["socket_events"],
      disabledSubscribers: ["user_events"],
    })
  })

  it("warns of queries that cannot run, and runs the others", () => {
    const { config, warnings } = parse({
      schedule: {
        a: QUERY,
        b: { interval: 5 },
        c: { query: "SELECT 1", interval: 0 },
        d: "SELECT 1",
        e: { query: "x" },
      },
      decorators: { interval: { 90: ["SELECT 1"] } },
      packs: [],
    })
    expect(names(config)).toEqual(["a", "e"])
    expect(config.schedule[1]?.intervalS).toBe(3600)
    expect(warnings).toEqual([
      'b: there is no "query"',
      "c: the interval is no number of seconds from 1 to 604800",
      'd: a query is an object with "query" and "interval"',
      '"packs" is no object, and is left out',
      "decorators: the interval 90 is no multiple of 60 seconds",
    ])
  })

  it("is refused when it is no JSON object", () => {
    expect(parseConfig("[1]", RULES)).toEqual({ ok: false, message: "the config is no JSON object" })
    expect(parseConfig("{", RULES)).toMatchObject({
      ok: false,
      message: expect.stringContaining("is no JSON:"),
    })
    expect(parseConfig(" ".repeat(4 * 1024 * 1024 + 1), RULES).ok).toBe(false)
    expect(parseConfig("[".repeat(1_000_000), RULES).ok).toBe(false)
  })

  it("takes no member from where objects have theirs", () => {
    const { config } = parse(
      '{"schedule": {"__proto__": {"query": "SELECT 1", "interval": 5}, "constructor": 1}}',
    )
    expect(names(config)).toEqual(["__proto__"])
    expect(parse({}).config.options).toEqual(new Map())
  })
})

describe("comments", () => {
  it("of every kind are left out, but not inside strings", () => {
    const text = [
      "# first",
      "  // second",
      "{ /* third",
      'still */ "schedule": { // fourth',
      ' "a": { "query": "SELECT \'// no /* comment */ # here\' \\\n, 1", "interval": 5 } } }',
    ].join("\n")
    const { config } = parse(text)
    expect(config.schedule[0]?.sql).toBe("SELECT '// no /* comment */ # here' , 1")
  })

  it("leave JSON without comments as it was", () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(stripComments(json)).toBe(json)
      }),
    )
  })
})

describe("packs", () => {
  it("give their queries longer names, inline, from files and several at once", () => {
    const packs = {
      web: { discovery: ["SELECT 1"], queries: { a: QUERY } },
      file: "conf/file.conf",
      none: "none.conf",
      "*": { one: { queries: { b: QUERY } }, two: 2 },
      odd: 5,
    }
    const readPackFile = (path: string) =>
      path === "none.conf"
        ? { message: "none.conf does not exist" }
        : { text: `// ${path}\n{"queries": {"c": {"query": "SELECT 2", "interval": 5}}}` }
    const { config, warnings } = parse({ schedule: { a: QUERY }, packs }, { ...RULES, readPackFile })
    expect(names(config)).toEqual(["a", "pack_web_a", "pack_file_c", "pack_one_b"])
    expect(config.packs[0]?.discovery).toEqual(["SELECT 1"])
    expect(warnings).toEqual([
      "pack none: none.conf does not exist",
      "pack two: it is no object",
      "pack odd: it is neither an object nor a path",
    ])
    const other = parse({ packs: { web: { queries: { a: QUERY } } } }, { ...RULES, packDelimiter: "/" })
    expect(names(other.config)).toEqual(["pack/web/a"])
  })

  it("are for platforms and shards; a version is noted", () => {
    const packs = {
      linux: {
        platform: "linux",
        version: "1.4.5",
        queries: { a: QUERY, b: { ...QUERY, platform: "darwin" } },
      },
      mac: { platform: "darwin", queries: { a: QUERY } },
      few: { shard: 1, queries: { a: QUERY } },
      most: { shard: 100, queries: { a: QUERY } },
    }
    const { config, warnings } = parse({ packs })
    expect(names(config)).toEqual(["pack_linux_a", "pack_most_a"])
    expect(warnings).toEqual(['pack linux: "version" is of osquery, and is not looked at'])
  })

  it.each([
    ["", "linux", true],
    ["posix", "linux", true],
    ["posix", "darwin", true],
    ["posix", "win32", false],
    ["windows", "win32", true],
    ["linux,darwin", "darwin", true],
    ["ubuntu", "linux", true],
    ["any", "win32", true],
    ["all", "freebsd", true],
    ["darwin", "linux", false],
  ])("for '%s' are on %s: %s", (wanted, platform, is) => {
    expect(isForPlatform(wanted, platform)).toBe(is)
  })

  it("know a machine's shard from the hash of its name", () => {
    // sha1sum of "web-1" begins with ba.
    expect(machineShard("web-1")).toBe(Math.floor((0xba * 100) / 255))
  })
})

describe("a config file", () => {
  it("is read with its packs, but not when everybody can write it", () => {
    const folder = mkdtempSync(join(tmpdir(), "retrail-"))
    try {
      const path = join(folder, "osquery.conf")
      writeFileSync(path, JSON.stringify({ packs: { near: "near.conf", open: "open.conf", fifo: "." } }))
      for (const name of ["near", "open"]) {
        writeFileSync(join(folder, `${name}.conf`), JSON.stringify({ queries: { a: QUERY } }))
      }
      chmodSync(path, 0o644)
      chmodSync(join(folder, "open.conf"), 0o646)
      const result = loadConfig(path, RULES)
      if (!result.ok) throw new Error(result.message)
      expect(names(result.config)).toEqual(["pack_near_a"])
      expect(result.warnings).toEqual([
        `pack open: ${join(folder, "open.conf")} can be written by everybody: chmod o-w it`,
        `pack fifo: ${folder} is not a regular file`,
      ])
      chmodSync(path, 0o666)
      expect(loadConfig(path, RULES)).toMatchObject({
        ok: false,
        message: expect.stringContaining("by everybody"),
      })
      expect(loadConfig(join(folder, "none"), RULES)).toMatchObject({
        message: expect.stringContaining("not exist"),
      })
      mkdirSync(join(folder, "sub"))
      expect(loadConfig(join(folder, "sub"), RULES).ok).toBe(false)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
