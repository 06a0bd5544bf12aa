import { describe, expect, it } from "vitest"
import { OsqueryFlags } from "../../../../src/pipeline/flags/osquery-flags.ts"
import { rowChoice, rowChoiceOfGiven } from "../../../../src/pipeline/flags/row-choice.ts"
import { ALL_ROWS, type RowChoice } from "../../../../src/schema/row-choice.ts"

function flagsWith(given: Readonly<Record<string, string>>): OsqueryFlags {
  const flags = new OsqueryFlags()
  for (const [name, value] of Object.entries(given)) flags.set(name, value, "command-line")
  return flags
}

const wanted = (choice: RowChoice) =>
  Object.entries(choice)
    .filter(([, is]) => is)
    .map(([name]) => name)

describe("live", () => {
  it("keeps by default what osquery keeps", () => {
    expect(wanted(rowChoice(new OsqueryFlags()))).toEqual(["processes", "users"])
  })

  it("keeps accepts with sockets, the rest only when asked", () => {
    expect(wanted(rowChoice(flagsWith({ audit_allow_sockets: "true" })))).toEqual([
      "processes",
      "sockets",
      "accepts",
      "users",
    ])
  })

  it("keeps no forks without processes, and no empty accepts without accepts", () => {
    const choice = rowChoice(
      flagsWith({
        audit_allow_process_events: "false",
        audit_allow_fork_process_events: "true",
        audit_allow_kill_process_events: "true",
        audit_allow_sockets: "true",
        audit_allow_accept_socket_events: "false",
        audit_allow_null_accept_socket_events: "true",
      }),
    )
    expect(wanted(choice)).toEqual(["sockets", "users"])
  })
})

describe("saved evidence", () => {
  it("is kept whole", () => {
    expect(rowChoiceOfGiven(new OsqueryFlags())).toEqual(ALL_ROWS)
  })

  it("loses only what a given flag switches off", () => {
    const choice = rowChoiceOfGiven(flagsWith({ audit_allow_unix: "false", audit_allow_sockets: "true" }))
    expect(choice).toEqual({ ...ALL_ROWS, unixSockets: false })
    expect(rowChoiceOfGiven(flagsWith({ audit_allow_sockets: "false" }))).toMatchObject({
      sockets: false,
      accepts: false,
      processes: true,
    })
  })
})
