/** The names that values without names are given, against the events that Windows wrote with names. */
import { describe, expect, it } from "vitest"
import { fieldOrder } from "../../../../../src/formats/windows/export/field-orders.ts"
import { hasShared, oracleRecords } from "../oracles.ts"

const providerOf = (xml: string): string => /<Provider Name="([^"]*)"/.exec(xml)?.[1] ?? ""
const eventIdOf = (xml: string): string => /<EventID[^>]*>(\d+)</.exec(xml)?.[1] ?? ""
const namesOf = (xml: string): string[] =>
  [...xml.matchAll(/<Data Name="([^"]*)"/g)].map(([, name = ""]) => name)
/** Windows 10 writes ProcessID in a few events where Windows 7 wrote ProcessId. */
const folded = (names: readonly string[]): string => names.join(" ").toLowerCase()

describe("fieldOrder", () => {
  it("tells the versions of an event by the number of its values", () => {
    const security = "Microsoft-Windows-Security-Auditing"
    expect(fieldOrder(security, "4688", 8)?.at(-1)).toBe("ProcessId")
    expect(fieldOrder(security, "4688", 15)?.at(-2)).toBe("ParentProcessName")
    expect(fieldOrder(security, "4688", 7)).toBeUndefined()
    expect(fieldOrder("Other", "4688", 8)).toBeUndefined()
  })

  it.skipIf(!hasShared)(
    `is the order of the templates that Windows has${hasShared ? "" : " (skipped: needs the shared test data)"}`,
    () => {
      const known = new Set<string>()
      for (const { xml } of oracleRecords()) {
        const names = namesOf(xml)
        const order = fieldOrder(providerOf(xml), eventIdOf(xml), names.length)
        if (order === undefined) continue
        expect(folded(names)).toBe(folded(order))
        known.add(`${eventIdOf(xml)}/${names.length}`)
      }
      expect(known.size).toBeGreaterThan(15)
    },
  )
})
