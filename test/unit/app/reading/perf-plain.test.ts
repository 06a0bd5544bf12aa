/** Plain samples of a recording, taken the short way: the same bytes, rows, problems and counts as without it. */
import { existsSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { PERF_CASES } from "../../../perf-writer/cases.ts"
import { EVENTS, type FieldValue, type WrittenEvent } from "../../../perf-writer/formats.ts"
import { type PlainForm, readPlain } from "../../../perf-writer/read-plain.ts"
import { RecordingWriter } from "../../../perf-writer/recording.ts"

const FORMS: readonly PlainForm[] = ["json", "script-ns", "script", "rows"]
const FOLDER = resolve(import.meta.dirname, "../../../../../shared/data/perf/perfdata")
const SHARED = "exec sock mono zstd full raw lossy syswide hostile pipe zpipe callgraph cgroup".split(" ")

/** Every kind of field, and every conversion that has a step of its own. */
const ALL_KINDS: WrittenEvent = {
  system: "demo",
  name: "all_kinds",
  id: 900,
  fields: [
    ["s8 tiny", 1, true],
    ["u8 small", 1, false],
    ["short half", 2, true],
    ["u16 port", 2, false],
    ["int fd", 4, true],
    ["u32 flags", 4, false],
    ["long ret", 8, true],
    ["unsigned long args[2]", 16, false],
    ["u64 address", 8, false],
    ["char comm[8]", 8, false],
    ["u8 mac[6]", 6, false],
    ["__data_loc char[] name", 4, false],
  ],
  print: [
    '"%d %u %hd %hu %5d|%05d|0x%08lx %x %lu %lld %p %s <%s> %s %s %s%s %%"',
    "REC->tiny, REC->small, REC->half, REC->port, REC->fd, REC->fd, REC->flags, (unsigned char)REC->fd",
    "REC->address, REC->ret, REC->address, REC->comm, __get_str(name)",
    '__print_symbolic(REC->port, { 1, "ONE" }, { 2, "TWO" })',
    '__print_flags(REC->flags & 0xff, "|", { 0, "NONE" }, { 1, "A" }, { 6, "BC" })',
    '(REC->ret & 3) ? "odd" : "even", REC->flags & 0x100 ? __print_flags(REC->fd, ",", { 1, "X" }) : "-"',
  ].join(", "),
}

/** What is left to the general way. */
const PADDED: WrittenEvent = {
  ...ALL_KINDS,
  name: "padded",
  id: 901,
  print: '"%-6d|%.2s", REC->fd, REC->comm',
}
const ALL_EVENTS = [ALL_KINDS, PADDED, EVENTS.enterConnect, EVENTS.exec, EVENTS.fork]

const int64 = fc.oneof(
  fc.bigInt({ min: -(1n << 63n), max: (1n << 64n) - 1n }),
  fc.constantFrom(0n, -1n, 1n << 31n, 1n << 32n, 1n << 53n, (1n << 53n) - 1n, -(1n << 53n), 1n - (1n << 53n)),
  fc.bigInt({ min: -10n, max: 300n }),
)
const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((array): FieldValue => Buffer.from(array))
const text = fc.oneof(
  fc.constantFrom("sh", 'q"\\x', "\u007f\u00f0\ud83d\ude00"),
  fc.string({ maxLength: 40 }),
)
const values = fc.tuple(...Array.from({ length: 7 }, () => int64), bytes(16), int64, bytes(8), bytes(6), text)
const step = fc.record({
  kind: fc.constantFrom("sample", "sample", "sample", "comm", "fork", "round", "short"),
  event: fc.nat(ALL_EVENTS.length - 1),
  pid: fc.constantFrom(0, 1, 4242, 257, 70_000, 0xffff_ffff),
  cpu: fc.nat(2),
  ns: fc.oneof(fc.nat(), fc.constantFrom(1n, 999_999_999n, (1n << 53n) + 5n, (1n << 64n) - 2n, 0n)),
  values,
  text,
})

function write(
  steps: readonly (typeof step extends fc.Arbitrary<infer Step> ? Step : never)[],
  epochNs?: bigint,
) {
  const out = new RecordingWriter({ events: ALL_EVENTS, ...(epochNs === undefined ? {} : { epochNs }) })
  for (const { kind, event, pid, cpu, ns, values: list, text: name } of steps) {
    const task = { pid, cpu, ns }
    if (kind === "round") out.finishedRound()
    else if (kind === "comm") out.comm(task, name)
    else if (kind === "fork") out.fork(task, 1)
    else if (kind === "short") out.record(9, Buffer.alloc((list.length + pid) % 9 === 0 ? 64 : 48, pid))
    else out.sample(ALL_EVENTS[event] ?? ALL_KINDS, task, list)
  }
  return out.bytes
}

describe("plain samples", () => {
  it.each(FORMS)("%s: any recording", async (form) => {
    let taken = 0
    const epochs = fc.constantFrom(undefined, 0n, 1_790_000_000_000_000_000n, 1_790_000_000_999_999_999n)
    const property = fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      epochs,
      fc.constantFrom(0, 1_790_000_000_000, Number.NaN),
      fc.integer({ min: 40, max: 5000 }),
      async (steps, epochNs, modifiedMs, piece) => {
        const recording = write(steps, epochNs)
        const general = await readPlain(recording, { form, isPlain: false, modifiedMs })
        const plain = await readPlain(recording, { form, isPlain: true, modifiedMs })
        const pieces = await readPlain(recording, { form, isPlain: true, modifiedMs, step: piece })
        taken += plain.taken
        expect({ ...plain, taken: 0 }).toEqual(general)
        expect({ ...pieces, taken: 0 }).toEqual(general)
      },
    )
    await fc.assert(property, { numRuns: 150 })
    expect(taken).toBeGreaterThan(0)
  })

  it.each(PERF_CASES.map(({ folder, bytes: recording }) => [folder, recording] as const))(
    "%s",
    async (_folder, recording) => {
      for (const form of FORMS) {
        const general = await readPlain(recording, { form, isPlain: false })
        const plain = await readPlain(recording, { form, isPlain: true })
        expect({ ...plain, taken: 0 }).toEqual(general)
      }
    },
  )

  it.skipIf(!existsSync(FOLDER)).each(SHARED)("%s of perf", async (name) => {
    const recording = readFileSync(join(FOLDER, `${name}.data`))
    for (const form of FORMS) {
      const general = await readPlain(recording, { form, isPlain: false })
      const plain = await readPlain(recording, { form, isPlain: true, step: 4096 })
      expect({ ...plain, taken: 0 }).toEqual(general)
    }
  })

  it("are what the samples of a session are", async () => {
    const session = PERF_CASES[0]?.bytes ?? Buffer.alloc(0)
    expect((await readPlain(session, { form: "json", isPlain: true })).taken).toBe(15)
    // One prints an address, which is left to the general way.
    expect((await readPlain(session, { form: "script-ns", isPlain: true })).taken).toBe(14)
  })
})
