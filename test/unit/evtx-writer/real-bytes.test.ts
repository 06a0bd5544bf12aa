/** The first record that Windows wrote into a Security log, written again from its tree: the same bytes. */
import { existsSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { expect, it } from "vitest"
import { event } from "../../evtx-writer/event.ts"
import { chunkOf, evtxFile } from "../../evtx-writer/file.ts"
import { absent, fragmentValue } from "../../evtx-writer/value.ts"
import { emptyPair, type Instance } from "../../evtx-writer/xml-model.ts"

const LOG = join(
  resolve(import.meta.dirname, "../../../.."),
  "shared/data/windows/omerbenamram/samples__security.evtx",
)
const FIRST = 512
const SIZE = 0x618
const title = existsSync(LOG)
  ? "is what Windows wrote"
  : "is what Windows wrote (skipped: needs the shared logs)"

it.skipIf(!existsSync(LOG))(title, () => {
  const real = chunkOf(readFileSync(LOG), 0)
  const systemGuid = Buffer.from(real.subarray(0x22a, 0x23a))
  const dataGuid = Buffer.from(real.subarray(0x7c9, 0x7d9))
  const data: Instance = {
    kind: "instance",
    template: { guid: dataGuid, root: emptyPair("EventData") },
    values: [],
  }
  const written = event({
    provider: "Microsoft-Windows-Security-Auditing",
    providerGuid: "{54849625-5478-4994-A5BA-3E3B0328C30D}",
    eventId: 4608,
    task: 12_288,
    time: "2016-07-08T18:12:51.6816408Z",
    recordId: 1n,
    processId: 456,
    threadId: 460,
    channel: "Security",
    computer: "37L4247F27-25",
    payload: fragmentValue({ hasHeader: false, content: [data] }),
  })
  const [system] = written.content.content
  if (system?.kind !== "instance") throw new Error("an event begins with its System template")
  // What lay in memory where no Qualifiers and no ActivityID were given.
  const values = system.values
    .with(4, absent(Buffer.from("0100", "hex")))
    .with(7, absent(Buffer.from("b0005801000000005096300100000000", "hex")))
  const content = [{ ...system, values, template: { ...system.template, guid: systemGuid } }]
  const record = { ...written, content: { hasHeader: true, content } }
  const ours = chunkOf(evtxFile({ records: [record] }).bytes, 0).subarray(FIRST, FIRST + SIZE)
  expect(ours.toString("hex")).toBe(real.subarray(FIRST, FIRST + SIZE).toString("hex"))
})
