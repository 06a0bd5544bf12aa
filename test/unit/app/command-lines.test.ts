/** What stats and the doctor say of hosts whose 4688 events tell no command line. */
import { expect, it } from "vitest"
import { checkCase } from "../../../src/app/doctor/check-case.ts"
import { readStats } from "../../../src/app/stats/stats.ts"
import { statsJson, statsText } from "../../../src/app/stats/stats-text.ts"
import { made, Reading, type Row, SECURITY } from "../normalize/windows/rows-of.ts"
import { makeCase } from "../store/sqlite/make-case.ts"

const started = (computer: string, data: Record<string, string>): Row =>
  new Reading().event(made({ provider: SECURITY, id: 4688, computer, data })).row("windows_events")

const said = (file: string): string => statsText(readStats(file, 10), null)
const checked = (file: string) => checkCase(file).find(({ name }) => name === "command lines")

it("names the hosts, and how to switch it on", () => {
  const rows = [
    started("web-1", { CommandLine: "" }),
    started("web-1", {}),
    started("web-2\u001b[31m", {}),
    started("web-3", { CommandLine: "" }),
    started("web-3", { CommandLine: "a b" }),
    { ...started("web-4", {}), data: "no JSON" },
  ]
  const file = makeCase(rows)
  const text = said(file)
  expect(text).toContain("None of the 4 process creations (4688) of 3 hosts tells a command line: ")
  expect(text).toContain("Hosts: web-1, web-2\\x1b[31m, web-4\n")
  expect(text).toContain('auditpol /set /subcategory:"Process Creation" /success:enable\n')
  expect(text).toContain("/v ProcessCreationIncludeCmdLine_Enabled /t REG_DWORD /d 1\n")
  expect(checked(file)).toMatchObject({ state: "warn", aside: "web-1, web-2\u001b[31m, web-4" })
  expect(checked(file)?.finding).not.toContain("web-1")
  expect(JSON.parse(statsJson(readStats(file, 10), false))).toMatchObject({
    commandLines: { silent: 4, processCreations: 6, silentHosts: ["web-1", "web-2\u001b[31m", "web-4"] },
  })
})

it("is content where command lines are told", () => {
  const file = makeCase([started("web-1", { CommandLine: "a b" })])
  expect(said(file)).not.toContain("4688")
  expect(checked(file)).toMatchObject({ state: "ok" })
})

it("says nothing of a case without process creations", () => {
  const file = makeCase([])
  expect(said(file)).not.toContain("4688")
  expect(checked(file)).toBeUndefined()
  expect(statsJson(readStats(file, 10), false)).not.toContain("commandLines")
})
