/** Recordings with the text that perf script makes of them: what is printed here has to be the same, byte for byte. */
import { existsSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { describe, expect, it } from "vitest"
import { CLOCK, KIND, type PerfSample } from "../../../../../src/formats/perf/sample.ts"
import { readRecording } from "../../../../perf-writer/read-recording.ts"

const FOLDER = resolve(import.meta.dirname, "../../../../../../shared/data/perf/perfdata")
const latin1 = (name: string) => readFileSync(join(FOLDER, name)).latin1Slice()
const NAMES = "exec sock mono zstd cgroup full raw lossy syswide hostile pipe zpipe threads".split(" ")

function filesOf(name: string): Buffer[] {
  if (name === "threads")
    return ["data", "data.0", "data.1"].map((file) => readFileSync(join(FOLDER, "threads.dir", file)))
  return [readFileSync(join(FOLDER, `${name}.data`))]
}

/** As perf script --show-task-events and --show-lost-events write them. */
function taskText(sample: PerfSample): string[] {
  const { kind, pid, tid, bytes } = sample
  if (kind === KIND.comm) {
    const exec = sample.low(1) === 1 ? " exec" : ""
    return [`PERF_RECORD_COMM${exec}: ${bytes.latin1Slice(sample.from(0), sample.to(0))}:${pid}/${tid}`]
  }
  const parents = () => `(${pid}:${tid}):(${sample.low(0)}:${sample.low(1)})`
  if (kind === KIND.fork) return [`PERF_RECORD_FORK${parents()}`]
  if (kind === KIND.exit) return [`PERF_RECORD_EXIT${parents()}`]
  return kind === KIND.lost ? [`PERF_RECORD_LOST lost ${sample.low(1)}`] : []
}

describe.skipIf(!existsSync(FOLDER))("perf script's text", () => {
  it.each(NAMES)("%s", async (name) => {
    const { text, problems } = await readRecording(filesOf(name))
    expect(text).toBe(latin1(`${name}.script-ns.txt`))
    const plain = await readRecording(filesOf(name), { script: { hasNanoseconds: false, hasPid: false } })
    expect(plain.text).toBe(latin1(`${name}.script.txt`))
    expect(problems.filter(({ code }) => code !== "perf-data/estimated-time")).toEqual([])
  })

  it.each(NAMES)("%s in pieces, when what lies behind the data cannot be asked for", async (name) => {
    const { text, problems } = await readRecording(filesOf(name), { step: 997, isStreamed: true })
    expect(text).toBe(latin1(`${name}.script-ns.txt`))
    expect(problems).toEqual([])
  })

  it("reads a folder whose files come in another order", async () => {
    const { text, problems } = await readRecording(filesOf("threads").reverse(), { step: 997 })
    expect(text).toBe(latin1("threads.script-ns.txt"))
    expect(problems).toEqual([])
  })

  it("passes call chains over", async () => {
    const { text } = await readRecording(filesOf("callgraph"))
    expect(text).toBe(latin1("callgraph.script-ns.txt"))
  })

  it("gives Unix time where the recording has a moment of it", async () => {
    const times: string[] = []
    await readRecording(filesOf("mono"), {
      onRecord: ({ kind, clock, second, nsec }) => {
        if (kind === KIND.sample)
          times.push(`${clock} ${second}.${String(Math.floor(nsec / 1000)).padStart(6, "0")}`)
      },
    })
    const told = latin1("mono.script-tod.txt").trimEnd().split("\n")
    const expected = told.map((line) => {
      const [, day, time, digits] = /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)\.(\d{6}) /.exec(line) ?? []
      return `${CLOCK.unix} ${Date.parse(`${day}T${time}Z`) / 1000}.${digits}`
    })
    expect(times).toEqual(expected)
  })

  it.each(NAMES.filter((name) => name !== "hostile"))("%s: task records in their order", async (name) => {
    const lines: string[] = []
    await readRecording(filesOf(name), { onRecord: (sample) => lines.push(...taskText(sample)) })
    const told = latin1(`${name}.script-events.txt`).matchAll(
      /: (PERF_RECORD_(?:COMM|FORK|EXIT|LOST)\b.*)$/gm,
    )
    expect(lines).toEqual([...told].map(([, record]) => record))
  })

  it("tells what was lost once, although two kinds of records count it", async () => {
    const { gaps } = await readRecording(filesOf("lossy"))
    expect(gaps).toMatchObject([{ kind: "lost-samples", what: "3675 records lost before this one" }])
  })

  it("reads a recording whose recorder was killed to its end", async () => {
    const counts = new Map<string, number>()
    const { problems } = await readRecording(filesOf("killed"), {
      onRecord: ({ kind }) => {
        const name = Object.entries(KIND).find(([, number]) => number === kind)?.[0] ?? ""
        counts.set(name, (counts.get(name) ?? 0) + 1)
      },
    })
    expect(Object.fromEntries(counts)).toEqual({ mmap: 72, sample: 86, comm: 19, fork: 17, exit: 16 })
    expect(problems.map(({ code }) => code)).toEqual([
      "perf-data/killed-recording",
      "perf-data/unknown-format",
      "perf-data/unknown-format",
      "perf-data/unknown-format",
      "perf-data/unknown-format",
      "perf-data/unknown-format",
    ])
  })

  it("gives samples of other events without fields", async () => {
    const samples: string[] = []
    await readRecording(filesOf("nontracepoint"), {
      onRecord: ({ kind, tid, event, fieldCount, periodLow }, parser) => {
        if (kind === KIND.sample) samples.push(`${tid} ${parser.labelOf(event)} ${fieldCount} ${periodLow}`)
      },
    })
    expect(samples).toEqual(["18994 cpu-clock 0 250000", "18994 cpu-clock 0 250000"])
  })
})
