/** Santa's own test messages: the inner events, here wrapped as its telemetry has them. */
import { globSync } from "node:fs"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { hasShared, type Row, readMessages, rowsOf, SHARED, sharedFile } from "./rows-of.ts"

/** How the telemetry calls the event of a file named so. */
const EVENTS: Readonly<Record<string, string>> = {
  ...{
    exec: "execution",
    login: "login_logout",
    lw: "login_window_session",
    screensharing: "screen_sharing",
  },
  ...{ openssh: "open_ssh", tcc: "tcc_modification", xp: "xprotect", launch: "launch_item" },
}

const names = hasShared() ? globSync("santa/*.json", { cwd: SHARED }).sort() : []

function wrap(name: string): object {
  const short = path.basename(name, ".json").replace(/^santa-v\d+-/, "")
  const [word = ""] = short.split("_")
  const known = ["file_access", "cs_invalidated", "proc_suspend_resume"].find((one) => short.startsWith(one))
  const event = JSON.parse(sharedFile(name).toString()) as unknown
  return {
    machine_id: "demo",
    event_time: "2026-02-03T04:05:06.123Z",
    [known ?? EVENTS[word] ?? word]: event,
  }
}

describe.skipIf(names.length === 0)("Santa's messages (skipped without them)", () => {
  it("are all read", () => {
    const { problems, records } = readMessages(names.map(wrap), { isRecords: true })
    expect(problems).toEqual([])
    expect(records.length).toBe(names.length)
    expect(records.filter((record) => record.includes('"type":null'))).toEqual([])
  })

  it("give the rows that their fields say", () => {
    const of = (name: string, table: string): Row[] =>
      rowsOf(readMessages([wrap(`santa/${name}.json`)]), table)
    expect(of("santa-v6-exec", "process_events")[0]).toMatchObject({
      ...{
        pid: 23,
        parent: 67,
        path: "fooexec",
        argv: '["exec_path","-l","--foo"]',
        cwd: "cwd",
        mode: "0456",
      },
      ...{
        env: "ENV_PATH=/path/to/bin:/and/another DEBUG=1",
        uid: 4_294_967_294,
        gid: 4_294_967_295,
        atime: 400,
      },
    })
    expect(of("santa-v6-exec", "es_process_events")[0]).toMatchObject({
      signing_id: "my_signing_id",
      cdhash: "41".repeat(20),
    })
    expect(of("santa-v8-exit", "process_events")[0]).toMatchObject({ pid: 12, exit_code: 1 })
    expect(of("santa-v7-rename", "es_process_file_events")[0]).toMatchObject({
      ...{ filename: "source", dest_filename: "target_dir/target_file" },
    })
    expect(of("santa-v6-openssh_login", "user_events")[0]).toMatchObject({
      ...{ username: "foo_user", address: "1.2.3.4", result: "success", logon_type: "ssh" },
    })
    expect(of("santa-v7-openssh_login_failed_attempt", "user_events")[0]).toMatchObject({
      ...{ result: "failed", message: "logon failed (ssh): host based from ::1" },
    })
    expect(of("santa-v6-login_login_failed_attempt", "user_events")[0]?.message).toBe(
      "logon failed (login): my|failure",
    )
    expect(of("santa-v8-authentication_od", "user_events")[0]).toMatchObject({
      username: "my_rec_name",
      pid: 23,
    })
  })
})
