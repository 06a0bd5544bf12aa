/**
 * Every trail at hand against praudit(1) of OpenBSM 1.2 in all of its forms, byte for byte. Where praudit is wrong the
 * trail and the form are named with the reason; a difference that is not named fails, and so does a name without one.
 */
import { existsSync, globSync, readFileSync } from "node:fs"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { parseStringPromise } from "xml2js"
import type { PrauditOptions } from "../../../../../../src/formats/bsm/render/praudit/options.ts"
import { hasShared, SHARED, WITHOUT_SHARED } from "../../read-trail.ts"
import { printTrail } from "./print.ts"

const FORMS: Readonly<Record<string, Partial<PrauditOptions>>> = {
  "praudit.txt": {},
  "praudit-l.txt": { isOneLine: true },
  "praudit-sl.txt": { isOneLine: true, form: "short" },
  "praudit-rl.txt": { isOneLine: true, form: "raw" },
  "praudit-x.xml": { isXml: true },
}
const ALL = Object.keys(FORMS)
const XML = ["praudit-x.xml"]

const STOPS = "praudit stops at the first byte that begins no record"
const CUT_ITEMS = "praudit cuts 64-bit items to 32 bits, and shows attribute token 0x31 as unknown"
const OVERRUN = "praudit drops a record from the token on that is longer than it"

/** Trail, forms, why praudit is wrong there. */
const FAULTS: readonly (readonly [trail: string, forms: readonly string[], why: string])[] = [
  ["freebsd13-vdhoven/20211116090816.20211116125655-scuffed-size", ALL, STOPS],
  ["generated/all-tokens.bsm", ALL, CUT_ITEMS],
  ["generated/corrupt-execargs-count.bsm", ALL, OVERRUN],
  ["generated/corrupt-garbage-middle.bsm", ALL, STOPS],
  ["generated/corrupt-garbage-prefix.bsm", ALL, STOPS],
  ["generated/corrupt-newgroups-count.bsm", ALL, "praudit reads groups behind the sixteenth as tokens"],
  ["generated/corrupt-size-too-small.bsm", ALL, "praudit goes on within a record whose size is damaged"],
  ["generated/corrupt-token-overrun.bsm", ALL, OVERRUN],
  ["generated/exotic-tokens.bsm", ALL, "praudit does not know identity, host, cmd and others"],
  ["generated/freebsd-session.bsm", XML, "praudit opens no element for arg_uuid and ret_uuid"],
  [
    "generated/headers.bsm",
    ["praudit-rl.txt"],
    "praudit takes raw for XML in header_ex; cuts seconds to 32 bits",
  ],
  ["generated/headers.bsm", XML, "praudit takes XML for text in header_ex"],
  ["generated/xnu-header-ex-short-size.bsm", ALL, OVERRUN],
  ["openbsm-reference-records/data_record", XML, "praudit writes NUL, which XML does not allow"],
  ["openbsm-reference-records/ipc_record", XML, "praudit writes <IPCipc-type=, which is no element"],
  ["openbsm-reference-records/ret_uuid_record", XML, "praudit opens no element for ret_uuid"],
  ["plaso/openbsm.bsm", XML, "as in data_record and ipc_record"],
]
const LEAST_COMPARED = 200

const trails = (hasShared ? globSync("*/*.praudit.txt", { cwd: SHARED }) : [])
  .map((name) => name.replace(/\.praudit\.txt$/, ""))
  // Bare tokens are no trail.
  .filter((name) => !name.startsWith("openbsm-reference-tokens/"))
  .sort()
const cases = trails.flatMap((trail) =>
  ALL.filter((form) => existsSync(path.join(SHARED, `${trail}.${form}`))).map(
    (form) => [trail, form] as const,
  ),
)

/** The system is given: trails of one record do not tell it. */
const print = (trail: string, form: string) =>
  printTrail(readFileSync(path.join(SHARED, trail)), FORMS[form], "freebsd")

const faultOf = (trail: string, form: string) =>
  FAULTS.find(([name, forms]) => name === trail && forms.includes(form))?.[2]

describe.skipIf(!hasShared)(`praudit's own output${hasShared ? "" : ` (${WITHOUT_SHARED})`}`, () => {
  it.each(cases)("%s.%s", async (trail, form) => {
    const ours = print(trail, form)
    const theirs = readFileSync(path.join(SHARED, `${trail}.${form}`))
    if (faultOf(trail, form) === undefined) expect(ours.toString("latin1")).toBe(theirs.toString("latin1"))
    else expect(ours.equals(theirs)).toBe(false)
    if (form === "praudit-x.xml") await parseStringPromise(ours.toString("utf8"))
  })

  it("differs by nothing but what praudit does not print, in text", () => {
    for (const [trail, forms, why] of FAULTS) {
      if (why !== STOPS && why !== OVERRUN) continue
      for (const form of forms.filter((name) => name.endsWith("l.txt"))) {
        const ours = print(trail, form).toString("latin1").split("\n")
        const theirs = readFileSync(path.join(SHARED, `${trail}.${form}`), "latin1").split("\n")
        // Raw lines with header_ex are the mix-up above.
        for (const line of theirs.filter((text) => !text.startsWith("21version=")))
          expect(ours.some((text) => text.startsWith(line))).toBe(true)
      }
    }
  })

  it("is compared widely", () => {
    expect(
      cases.length - cases.filter(([trail, form]) => faultOf(trail, form) !== undefined).length,
    ).toBeGreaterThan(LEAST_COMPARED)
  })
})
