/** Reading on in another process gives the rows that one process gives, wherever the first one stopped. */
import { expect, it } from "vitest"
import type { WindowsNormalizerState } from "../../../../src/normalize/windows/windows-normalizer.ts"
import { made, Reading, SECURITY, SYSMON } from "./rows-of.ts"

const part = (number: number, text: string): string =>
  made({
    provider: "PowerShellCore",
    id: 4104,
    record: "",
    time: "",
    data: {
      MessageNumber: String(number),
      MessageTotal: "3",
      ScriptBlockText: text,
      ScriptBlockId: "a",
      Path: "p",
    },
  })
const sockets = { SourceIp: "192.0.2.1", SourcePort: "1", DestinationIp: "192.0.2.2", DestinationPort: "2" }
const seen = (Protocol: string, Initiated: string): string =>
  made({ provider: SYSMON, id: 3, data: { ...sockets, Protocol, Initiated } })

const EVENTS = [
  part(2, "é"),
  seen("tcp", "true"),
  made({ provider: SECURITY, id: 4688, data: { NewProcessId: "0x1", CommandLine: "a" } }),
  part(1, "a"),
  seen("udp", "false"),
  part(3, "c"),
]

it.each(EVENTS.map((_, at) => at))("stopped before event %i", (at) => {
  const whole = new Reading()
  for (const event of EVENTS) whole.event(event, { offset: 0 })
  const first = new Reading()
  for (const event of EVENTS.slice(0, at)) first.event(event, { offset: 0 })
  const second = new Reading({ eids: first.eids })
  const state = JSON.parse(JSON.stringify(first.normalizer.saveState())) as WindowsNormalizerState
  second.normalizer.restoreState(state)
  for (const event of EVENTS.slice(at)) second.event(event, { offset: 0 })
  expect([...first.sink.rows, ...second.sink.rows]).toEqual(whole.sink.rows)
  expect(second.normalizer.saveState()).toEqual(whole.normalizer.saveState())
  expect(whole.row("powershell_events")).toMatchObject({ script_text: "aéc", record_id: null, time: null })
})
