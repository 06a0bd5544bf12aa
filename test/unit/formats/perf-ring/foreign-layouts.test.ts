/** Payloads of osquery's own publishers. */
import { expect, it } from "vitest"
import { LinuxeventsSessions, readEbpfpub } from "../../../../src/formats/perf-ring/foreign-layouts.ts"
import { perfImage, perfSample } from "../../../perf-ring-writer/images.ts"
import { readInputs } from "../../normalize/perf/rows-of.ts"

function piece(session: bigint, kind: number, content: Buffer): Buffer {
  const bytes = Buffer.alloc(12)
  bytes.writeBigUInt64LE(session)
  bytes.writeUInt16LE(kind, 8)
  bytes.writeUInt16LE(content.length, 10)
  return Buffer.concat([bytes, content])
}

function processPiece(session: bigint): Buffer {
  const content = Buffer.alloc(16)
  content.writeBigUInt64LE(1_500_000_000n)
  content.writeUInt32LE(400, 8)
  content.writeUInt32LE(401, 12)
  return piece(session, 1, content)
}

const PIECES = [
  processPiece(1n),
  piece(1n, 2, Buffer.from("fetch\0")),
  piece(1n, 2, Buffer.from("demo\0")),
  piece(1n, 2, Buffer.from("srv\0")),
  piece(1n, 3, Buffer.from("fetch\0")),
  piece(1n, 3, Buffer.from("a b\0")),
  piece(1n, 0, Buffer.alloc(0)),
]

it("linuxevents: parts become one exec, a session without a beginning none", () => {
  const sessions = new LinuxeventsSessions()
  const told: string[] = []
  for (const bytes of [piece(9n, 0, Buffer.alloc(0)), ...PIECES]) {
    const isPiece = sessions.read(bytes, 0, bytes.length, (exec) =>
      told.push(`${exec.path} ${exec.arguments}`),
    )
    expect(isPiece).toBe(true)
  }
  expect(told).toEqual(["/srv/demo/fetch fetch\0a b\0"])
})

it("linuxevents: a saved ring gives rows", () => {
  const { table, codes } = readInputs([{ name: "x.cpu0.ring", bytes: perfImage(PIECES.map(perfSample)) }])
  expect(codes).toEqual([])
  expect(table("bpf_process_events")).toMatchObject([
    {
      pid: 401,
      parent: 400,
      path: "/srv/demo/fetch",
      cmdline: "fetch 'a b'",
      ntime: "1500000000",
      time: null,
    },
  ])
})

it("ebpfpub: numbers without texts give records, no rows, and a warning", () => {
  const payload = Buffer.alloc(76 + 8)
  payload.writeUInt32LE(84)
  payload.writeBigUInt64LE(3n, 4)
  payload.writeBigUInt64LE(5n, 12)
  payload.writeUInt32LE(402, 20)
  payload.writeUInt32LE(401, 24)
  payload.writeBigUInt64LE(0xff00_0001_0000_0002n, 76)
  expect(readEbpfpub(payload, 0, payload.length)).toMatchObject({
    pid: 401,
    tid: 402,
    parameters: [0xff00000100000002n],
  })
  const input = { name: "x.cpu0.ring", bytes: perfImage([perfSample(payload)]) }
  const { rows, codes } = readInputs([input])
  expect([rows.length, codes]).toEqual([0, ["perf-ring/strings-elsewhere"]])
  const [record] = readInputs([input], { asRecords: true }).records
  expect(JSON.parse(record ?? "{}")).toMatchObject({ type: "ebpfpub", record: { pid: 401, hasError: false } })
})
