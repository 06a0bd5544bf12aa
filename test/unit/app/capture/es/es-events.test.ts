import { describe, expect, it } from "vitest"
import {
  defaultEvents,
  haveFiles,
  knownEvents,
  muteFilter,
  parseEvents,
} from "../../../../../src/app/capture/es/es-events.ts"
import { OsqueryFlags } from "../../../../../src/pipeline/flags/osquery-flags.ts"
import type { TableSchema } from "../../../../../src/schema/column.ts"
import { ES_PROCESS_EVENTS } from "../../../../../src/schema/tables/es-process-events.ts"
import { ES_PROCESS_FILE_EVENTS } from "../../../../../src/schema/tables/es-process-file-events.ts"

function flagsOf(values: Readonly<Record<string, string>>): OsqueryFlags {
  const flags = new OsqueryFlags()
  for (const [name, value] of Object.entries(values)) flags.set(name, value, "command-line")
  return flags
}

const NO_USERS = { audit_allow_user_events: "false" }
const FILES = { ...NO_USERS, disable_endpointsecurity_fim: "false" }

describe("the events that are asked for", () => {
  it.each([
    [NO_USERS, "exec,fork,exit"],
    [FILES, "exec,fork,exit,create,rename,write,truncate,unlink"],
    [
      { ...FILES, es_fim_enable_open_events: "true" },
      "exec,fork,exit,create,rename,write,truncate,unlink,open",
    ],
    [{ ...NO_USERS, es_fim_enable_open_events: "true" }, "exec,fork,exit"],
    [
      { ...NO_USERS, audit_allow_sockets: "true", audit_allow_unix: "true" },
      "exec,fork,exit,uipc_bind,uipc_connect",
    ],
  ])("with %o are %s", (flags, events) => {
    expect(defaultEvents(flagsOf(flags)).join(",")).toBe(events)
  })

  it.each([
    ["exec,write", true],
    ["open", true],
    ["exec,fork,exit", false],
  ])("%s: files are among them: %s", (names, isSo) => {
    expect(haveFiles(names.split(","))).toBe(isSo)
  })

  it("have those of logins unless they are switched off", () => {
    expect(defaultEvents(flagsOf({}))).toEqual(
      expect.arrayContaining(["authentication", "sudo", "openssh_login"]),
    )
  })

  it("are those that the system knows, when it tells", () => {
    expect(knownEvents(["exec", "su"], "exec\nfork\n  exit\n")).toEqual(["exec"])
    expect(knownEvents(["exec", "su"], "")).toEqual(["exec", "su"])
    expect(knownEvents(["exec"], "usage: --list-events")).toEqual(["exec"])
  })
})

describe("names of events", () => {
  it("are apart by commas, each once", () => {
    expect(parseEvents("exec, fork,exec,,tcc_modify")).toEqual(["exec", "fork", "tcc_modify"])
  })

  it.each(["--oslog", "-h", "exec,--select", "exec;id", "Exec", "exec fork", "exec\u202e", "../x"])(
    "are not %j",
    (text) => {
      expect(() => parseEvents(text)).toThrow(expect.objectContaining({ exitCode: 64 }))
    },
  )

  it("are some", () => {
    expect(() => parseEvents(" , ")).toThrow("--events names no event")
  })
})

describe("muted programs", () => {
  const row = (schema: TableSchema, path: string) => ({
    schema,
    values: schema.columns.map(({ name }) => (name === "path" ? path : null)),
  })

  it("are none unless named", () => {
    expect(muteFilter(flagsOf({}))).toBeUndefined()
  })

  it("give no rows of files, but all others", () => {
    const keeps = muteFilter(
      flagsOf({
        es_fim_mute_path_literal: "/usr/libexec/securityd, /sbin/x",
        es_fim_mute_path_prefix: "/srv/cache/",
      }),
    )
    const kept = (path: string) => keeps?.(row(ES_PROCESS_FILE_EVENTS, path))
    expect(["/sbin/x", "/sbin/xy", "/srv/cache/a", "/srv/cached"].map(kept)).toEqual([
      false,
      true,
      false,
      true,
    ])
    expect(keeps?.(row(ES_PROCESS_EVENTS, "/sbin/x"))).toBe(true)
  })
})
