/**
 * Events that only the end of the input ends (CONFIG_CHANGE without PROCTITLE) come after all others: their low
 * serials looked like a counter that began anew, and the serials between like lost ones.
 */
import { expect, it } from "vitest"
import { readBytes } from "../acceptance/read-rows.ts"

const open = (serial: number) => `type=CONFIG_CHANGE msg=audit(1700000000.000:${serial}): op=set res=1\n`
const whole = (serial: number) =>
  `${open(serial)}type=PROCTITLE msg=audit(1700000000.000:${serial}): proctitle="x"\n`

const gapsOf = async (log: string) =>
  (await readBytes(log)).gaps.map(({ kind, fromId, toId }) => `${kind} ${fromId} ${toId}`)

it("a late event with a low serial leaves no gap and restarts nothing", async () => {
  const gaps = await gapsOf(whole(1) + open(10) + open(4000) + whole(12_313))
  expect(gaps).toEqual(["serial-gap 1 10", "serial-gap 10 4000", "serial-gap 4000 12313"])
})

it("a late event from before a restart opens no hole", async () => {
  expect(await gapsOf(whole(20_000) + open(20_001) + whole(5) + whole(6))).toEqual(["serial-restart 20001 5"])
})
