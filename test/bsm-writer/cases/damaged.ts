/** Trails that are broken on purpose, each in one way. */
import { record, SECOND } from "../record.ts"
import * as tokens from "../tokens.ts"
import { type BsmCase, damaged } from "./case.ts"

const exec = (pid: number): Buffer =>
  record(
    23,
    [
      tokens.execArgs(["tool", String(pid)]),
      tokens.path("/srv/demo/tool"),
      tokens.subject({ pid }),
      tokens.returns32(),
    ],
    { second: SECOND + pid },
  )
const [ONE, TWO, THREE] = [exec(1), exec(2), exec(3)]

function changed(change: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.from(TWO)
  change(bytes)
  return bytes
}

export const DAMAGED_CASES: readonly BsmCase[] = [
  damaged("cut-record", "The trail ends within a record, as one that is still written.", [
    ONE,
    TWO,
    THREE.subarray(0, 40),
  ]),
  damaged("lost-beginning", "The trail begins within a record.", [ONE.subarray(30), TWO, THREE]),
  damaged("garbage", "Bytes that are no record lie between two.", [ONE, Buffer.alloc(517, 0xa5), TWO, THREE]),
  damaged("zeroed-block", "A block that was never written lies between two records.", [
    ONE,
    Buffer.alloc(4096),
    TWO,
  ]),
  damaged("size-too-large", "The size of a record reaches into the next one.", [
    ONE,
    changed((bytes) => bytes.writeUInt32BE(bytes.length + 20, 1)),
    THREE,
  ]),
  damaged("size-swallows", "The size of a record covers the next one whole.", [
    ONE,
    changed((bytes) => bytes.writeUInt32BE(bytes.length * 2, 1)),
    THREE,
  ]),
  damaged("wrong-count", "The count of a trailer is not the record's size.", [
    ONE,
    changed((bytes) => bytes.writeUInt32BE(7, bytes.length - 4)),
    THREE,
  ]),
  damaged("no-trailer", "The magic of a trailer is damaged.", [
    ONE,
    changed((bytes) => bytes.writeUInt8(0, bytes.length - 6)),
    THREE,
  ]),
  damaged("token-overrun", "The length of a path is longer than its record.", [
    ONE,
    changed((bytes) => bytes.writeUInt16BE(0xfff0, bytes.indexOf("/srv") - 2)),
    THREE,
  ]),
  damaged("unknown-token", "A token of no known layout stands in the middle of a record.", [
    ONE,
    record(23, [tokens.path("/srv/demo"), tokens.unknown(0xfe, Buffer.alloc(9, 1)), tokens.returns32()]),
    THREE,
  ]),
  damaged("bad-address", "The type of an address is none.", [
    ONE,
    record(23, [tokens.subject({ address: "2001:db8::1" }, "32ex").fill(9, 36, 37), tokens.returns32()]),
    THREE,
  ]),
  damaged("clock-back", "Auditing was stopped for a while, and the clock set back.", [
    exec(900),
    record(45_001, [tokens.text("auditd::Audit shutdown"), tokens.returns32()], { second: SECOND + 901 }),
    record(45_000, [tokens.text("auditd::Audit startup"), tokens.returns32()], { second: SECOND + 2000 }),
    exec(2001),
    exec(10),
    exec(11),
  ]),
]
