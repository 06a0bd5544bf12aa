/**
 * Writes recordings of perf in every form: files, pipes, compressed, of a killed recorder, in either order of bytes.
 * Source: tools/perf/Documentation/perf.data-file-format.txt; perf_event_open(2).
 */
import { zstdCompressSync } from "node:zlib"
import { ByteWriter } from "./byte-writer.ts"
import { ALL_EVENTS, type FieldValue, rawData, tracingData, type WrittenEvent } from "./formats.ts"

export interface RecordingOptions {
  readonly form?: "file" | "pipe" | "killed"
  readonly isBigEndian?: boolean
  readonly isCompressed?: boolean
  readonly hasCgroups?: boolean
  /** Unix ns of the clock's zero; without it no moment is told. */
  readonly epochNs?: bigint
  readonly hostname?: string
  readonly events?: readonly WrittenEvent[]
}

export interface Task {
  readonly pid: number
  readonly tid?: number
  readonly cpu?: number
  /** Of the clock, 0 for what perf writes at the start. */
  readonly ns: number | bigint
}

const IP = 1
const TID = 2
const TIME = 4
const ID = 64
const CPU = 128
const PERIOD = 256
const RAW = 1024
const CGROUP = 1 << 21
const FIRST_ID = 7000
const ATTR_BYTES = 128
const SAMPLE_ID_ALL = 18n
const USER = 2

/** Collects records and gives them the form at the end. */
export class RecordingWriter {
  readonly #options: RecordingOptions
  readonly #events: readonly WrittenEvent[]
  readonly #records: Buffer[] = []

  constructor(options: RecordingOptions = {}) {
    this.#options = options
    this.#events = options.events ?? ALL_EVENTS
  }

  get isBigEndian(): boolean {
    return this.#options.isBigEndian === true
  }

  sample(event: WrittenEvent, task: Task, values: readonly FieldValue[], cgroup = 0): this {
    const { pid, tid = pid, cpu = 0, ns } = task
    const raw = rawData(event, tid, values, this.isBigEndian)
    const body = this.#writer().u64(0).u32(pid).u32(tid).u64(ns).u64(this.#idOf(event)).u32(cpu).u32(0).u64(1)
    const padding = (8 - ((raw.length + 4) % 8)) % 8
    body
      .u32(raw.length + padding)
      .raw(raw)
      .raw(Buffer.alloc(padding))
    if (this.#options.hasCgroups === true) body.u64(cgroup)
    return this.record(9, body.bytes)
  }

  comm(task: Task, comm: string | Buffer, isExec = false): this {
    const { pid, tid = pid } = task
    const body = this.#writer().u32(pid).u32(tid).text(comm, 8)
    return this.#task(3, body, task, isExec ? 1 << 13 : 0)
  }

  fork(task: Task, parent: number, parentTid = parent): this {
    const { pid, tid = pid, ns } = task
    return this.#task(7, this.#writer().u32(pid).u32(parent).u32(tid).u32(parentTid).u64(ns), task)
  }

  exit(task: Task, parent: number): this {
    const { pid, tid = pid, ns } = task
    return this.#task(4, this.#writer().u32(pid).u32(parent).u32(tid).u32(parent).u64(ns), task)
  }

  /** An executable mapping. */
  mapping(task: Task, path: string): this {
    const { pid, tid = pid } = task
    const body = this.#writer().u32(pid).u32(tid).u64(0x5555_0000_0000).u64(0x1000).u64(0)
    body.u32(8).u32(1).u64(4242).u64(0).u32(5).u32(2).text(path, 8)
    return this.#task(10, body, task)
  }

  lost(task: Task, count: number): this {
    return this.#task(2, this.#writer().u64(FIRST_ID).u64(count), task)
  }

  cgroup(task: Task, id: number, path: string): this {
    return this.#task(19, this.#writer().u64(id).text(path, 8), task)
  }

  finishedRound(): this {
    return this.record(68, Buffer.alloc(0))
  }

  record(type: number, body: Buffer, misc = USER): this {
    this.#records.push(this.#record(type, body, misc))
    return this
  }

  /** The records alone, as a thread's file holds them. */
  get records(): Buffer {
    return Buffer.concat(this.#records)
  }

  get bytes(): Buffer {
    return this.#options.form === "pipe" ? this.#pipe() : this.#file()
  }

  #task(type: number, body: ByteWriter, { pid, tid = pid, cpu = 0, ns }: Task, misc = 0): this {
    body.u32(pid).u32(tid).u64(ns).u64(FIRST_ID).u32(cpu).u32(0)
    return this.record(type, body.bytes, misc)
  }

  #record(type: number, body: Buffer, misc: number): Buffer {
    return this.#writer()
      .u32(type)
      .u16(misc)
      .u16(body.length + 8)
      .raw(body).bytes
  }

  #writer(): ByteWriter {
    return new ByteWriter(this.isBigEndian)
  }

  #idOf(event: WrittenEvent): number {
    return FIRST_ID + this.#events.indexOf(event)
  }

  #attribute({ id }: WrittenEvent): Buffer {
    const cgroups = this.#options.hasCgroups === true ? CGROUP : 0
    const sampleType = IP | TID | TIME | ID | CPU | PERIOD | RAW | cgroups
    const flag = 1n << (this.isBigEndian ? 63n - SAMPLE_ID_ALL : SAMPLE_ID_ALL)
    const out = this.#writer().u32(2).u32(ATTR_BYTES).u64(id).u64(1).u64(sampleType).u64(4).u64(flag)
    return out.raw(Buffer.alloc(ATTR_BYTES - out.length)).bytes
  }

  #data(): Buffer {
    if (this.#options.isCompressed !== true) return this.records
    // Pieces that end within a record.
    const whole = this.records
    const pieces: Buffer[] = []
    for (let at = 0; at < whole.length; at += 300) {
      const packed = zstdCompressSync(whole.subarray(at, at + 300))
      const padded = Buffer.concat([this.#writer().u64(packed.length).bytes, packed])
      const body = Buffer.concat([padded, Buffer.alloc((8 - (padded.length % 8)) % 8)])
      pieces.push(this.#record(83, body, 0))
    }
    return Buffer.concat(pieces)
  }

  #sections(): readonly (readonly [number, Buffer])[] {
    const { hostname = "linux-1", epochNs } = this.#options
    const text = (value: string) => {
      const bytes = this.#writer().text(value, 64).bytes
      return this.#writer().u32(bytes.length).raw(bytes).bytes
    }
    const sections: (readonly [number, Buffer])[] = [
      [1, tracingData(this.#events, this.isBigEndian)],
      [3, text(hostname)],
      [6, text("x86_64")],
    ]
    if (epochNs !== undefined) sections.push([29, this.#writer().u32(1).u32(1).u64(epochNs).u64(0).bytes])
    return sections
  }

  #file(): Buffer {
    const ids = Buffer.concat(this.#events.map((event) => this.#writer().u64(this.#idOf(event)).bytes))
    const attrsAt = 104 + ids.length
    const attrs = this.#events.map((event, at) =>
      Buffer.concat([
        this.#attribute(event),
        this.#writer()
          .u64(104 + at * 8)
          .u64(8).bytes,
      ]),
    )
    const dataAt = attrsAt + attrs.length * (ATTR_BYTES + 16)
    const data = this.#data()
    const isKilled = this.#options.form === "killed"
    const sections = this.#sections()
    const bits = sections.reduce((all, [bit]) => all | (1n << BigInt(bit)), 0n)
    const header = this.#writer()
      .raw(this.#magic())
      .u64(104)
      .u64(ATTR_BYTES + 16)
    header
      .u64(attrsAt)
      .u64(attrs.length * (ATTR_BYTES + 16))
      .u64(dataAt)
      .u64(isKilled ? 0 : data.length)
    header.u64(0).u64(0).u64(bits).u64(0).u64(0).u64(0)
    const head = Buffer.concat([header.bytes, ids, ...attrs, data])
    if (isKilled) return head
    const table = this.#writer()
    let at = head.length + sections.length * 16
    for (const [, bytes] of sections) {
      table.u64(at).u64(bytes.length)
      at += bytes.length
    }
    return Buffer.concat([head, table.bytes, ...sections.map(([, bytes]) => bytes)])
  }

  #pipe(): Buffer {
    const parts = [this.#writer().raw(this.#magic()).u64(16).bytes]
    for (const event of this.#events)
      parts.push(
        this.#record(
          64,
          Buffer.concat([this.#attribute(event), this.#writer().u64(this.#idOf(event)).bytes]),
          0,
        ),
      )
    for (const [feature, bytes] of this.#sections()) {
      if (feature === 1) {
        const padded = this.#writer().raw(bytes).pad(bytes.length, 8).bytes
        parts.push(this.#record(66, this.#writer().u32(padded.length).u32(0).bytes, 0), padded)
      } else
        parts.push(this.#record(80, this.#writer().u64(feature).raw(bytes).pad(bytes.length, 8).bytes, 0))
    }
    return Buffer.concat([...parts, this.#data()])
  }

  #magic(): Buffer {
    return Buffer.from(this.isBigEndian ? "2ELIFREP" : "PERFILE2")
  }
}
