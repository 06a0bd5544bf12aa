import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { type BpfSystem, openBpf } from "../../../../../src/app/capture/bpf/open-bpf.ts"
import { planBpf, planText } from "../../../../../src/app/capture/bpf/plan-text.ts"
import { argumentBytes, chooseRingBytes } from "../../../../../src/app/capture/bpf/ring-choice.ts"
import { RetrailError } from "../../../../../src/app/errors.ts"
import { OsqueryFlags } from "../../../../../src/pipeline/flags/osquery-flags.ts"
import type { BpfCalls } from "../../../../../src/sources/native/bpf-calls.ts"
import { NativeError } from "../../../../../src/sources/native/native-error.ts"

const folder = mkdtempSync(join(tmpdir(), "retrail-bpf-"))
afterAll(() => rmSync(folder, { recursive: true }))
const tracefs = join(folder, "tracing")
mkdirSync(join(tracefs, "events/sched/sched_process_exec"), { recursive: true })
writeFileSync(join(tracefs, "events/sched/sched_process_exec/id"), "365")
const btf = join(folder, "btf")
const header = Buffer.alloc(24)
header.writeUInt16LE(0xeb9f)
header.writeUInt32LE(24, 4)
writeFileSync(btf, header)

interface Faults {
  /** errno names by command of bpf(2), or of a map's type. */
  readonly bpf?: (command: number, type: number) => string | undefined
}

class FakeCalls implements BpfCalls {
  readonly closed: number[] = []
  readonly #faults: Faults
  opened = 2

  constructor(faults: Faults = {}) {
    this.#faults = faults
  }

  bpf(command: number, attributes: Buffer): number {
    const code = this.#faults.bpf?.(command, attributes.readUInt32LE(0))
    if (code !== undefined) throw new NativeError(code, 1, "bpf", `bpf: ${code}`)
    return ++this.opened
  }

  perfEventOpen(): number {
    return ++this.opened
  }

  ioctl(): void {}

  map(_: number, bytes: number): ArrayBuffer {
    return new ArrayBuffer(bytes)
  }

  raiseMemoryLimit(): void {}

  close(descriptor: number): void {
    this.closed.push(descriptor)
  }

  clocks() {
    return { monotonicNs: 0n, realtimeNs: 0n }
  }

  pageBytes(): number {
    return 4096
  }

  allocate(bytes: number) {
    return { buffer: Buffer.alloc(bytes), address: 4096n }
  }
}

function system(calls: BpfCalls, more: Partial<BpfSystem> = {}): BpfSystem {
  return { isRoot: true, calls: () => calls, btfPath: btf, tracefsPlaces: [tracefs], ...more }
}

function failure(here: BpfSystem, transport: "auto" | "ringbuf" | "perf" = "auto"): [number, string] {
  try {
    openBpf({ transport, flags: new OsqueryFlags() }, here)
  } catch (error) {
    if (error instanceof RetrailError) return [error.exitCode, error.message]
    throw error
  }
  return [0, ""]
}

const PROGRAM_LOAD = 5

describe("a signal while programs are verified", () => {
  const failing = (times: number) => {
    let left = times
    return new FakeCalls({
      bpf: (command) => (command === PROGRAM_LOAD && left-- > 0 ? "EAGAIN" : undefined),
    })
  }

  it("is no refusal", () => {
    expect(failure(system(failing(4)))[1]).not.toContain("EAGAIN")
  })

  it("does not make it try for ever", () => {
    expect(failure(system(failing(1000)))[1]).toContain("EAGAIN")
  })
})

describe("what is missing is said in one line", () => {
  it("privileges", () => {
    const hidden = { isRoot: false, tracefsPlaces: [join(folder, "none")] }
    expect(failure(system(new FakeCalls(), hidden))).toEqual([77, "no permission to load BPF programs"])
    const refusing = new FakeCalls({ bpf: () => "EPERM" })
    expect(failure(system(refusing))).toEqual([77, "no permission to load BPF programs (bpf)"])
  })

  it("tracefs, BTF, BPF", () => {
    const calls = new FakeCalls()
    expect(failure(system(calls, { tracefsPlaces: [] }))[0]).toBe(2)
    expect(failure(system(calls, { tracefsPlaces: [] }))[1]).toContain("tracefs is not mounted")
    expect(failure(system(calls, { btfPath: join(folder, "none") }))[1]).toContain(
      "does not describe its types",
    )
    const damaged = join(folder, "damaged")
    writeFileSync(damaged, "damaged")
    expect(failure(system(calls, { btfPath: damaged }))[1]).toContain("no BTF")
    const old = new FakeCalls({ bpf: () => "ENOSYS" })
    expect(failure(system(old))).toEqual([2, expect.stringContaining("this kernel has no BPF that will do")])
    const full = new FakeCalls({ bpf: (command) => (command === 0 ? "ENOMEM" : undefined) })
    expect(failure(system(full))[1]).toContain("not enough memory")
  })

  it("Linux", () => {
    const elsewhere = system(new FakeCalls(), {
      calls: () => {
        throw new NativeError("UNSUPPORTED", 0, "load", "live sources of the kernel need Linux")
      },
    })
    expect(failure(elsewhere)).toEqual([2, "live sources of the kernel need Linux"])
  })
})

describe("a kernel without ring buffers", () => {
  const noRing = () =>
    new FakeCalls({ bpf: (command, type) => (command === 0 && type === 27 ? "EINVAL" : undefined) })

  it("gets perf rings, and nothing is left of the attempt", () => {
    const calls = noRing()
    // What a mapping of a perf ring says of itself is the kernel's to fill in.
    calls.map = (_, bytes) => {
      const memory = new ArrayBuffer(bytes)
      if (bytes > 4096) Buffer.from(memory).writeBigUInt64LE(BigInt(4096), 1040)
      return memory
    }
    const { session } = openBpf({ transport: "auto", flags: new OsqueryFlags() }, system(calls))
    expect(session.transport).toBe("perf")
    expect(session.missing).toContain("task/task_newtask")
    session.close()
    expect(new Set(calls.closed).size).toBe(calls.closed.length)
  })

  it("is refused when ring buffers were asked for", () => {
    expect(failure(system(noRing()), "ringbuf")[0]).toBe(2)
  })
})

describe("osquery's flags", () => {
  const machine = { pageBytes: 4096, onlineCpus: [0, 1], possibleCpus: 4 }

  it("size the rings, unless a size is given", () => {
    const flags = new OsqueryFlags()
    flags.set("bpf_perf_event_array_exp", "4", "command-line")
    expect(chooseRingBytes("perf", { transport: "perf" }, flags, machine)).toBe(65_536)
    expect(chooseRingBytes("ringbuf", { transport: "auto" }, flags, machine)).toBe(131_072)
    expect(chooseRingBytes("perf", { transport: "perf", ringBytes: 5000 }, flags, machine)).toBe(8192)
  })

  it("size what is kept of arguments", () => {
    const flags = new OsqueryFlags()
    expect(argumentBytes(flags)).toBe(16_383)
    flags.set("bpf_buffer_storage_size", "16", "command-line")
    expect(argumentBytes(flags)).toBe(512)
  })

  it("are told in memory", () => {
    const plan = planBpf({ transport: "auto" }, new OsqueryFlags(), machine)
    expect(plan.osquery.storageBytes).toBe(48 * 1024 * 1024)
    expect(planText(plan)).toContain("transport   ringbuf: 1 ring of 8.0 MiB, for all CPUs")
  })
})
