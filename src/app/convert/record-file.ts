/** Records as they come, between what begins and ends a file of their kind: one array, one a line, one XML document. */

import type { GrowingBytes } from "../../base/growing-bytes.ts"
import type { PrauditOptions } from "../../formats/bsm/render/praudit/options.ts"
import { PRAUDIT_XML_END, PRAUDIT_XML_HEAD } from "../../formats/bsm/render/praudit/xml-frame.ts"
import type { ScriptOptions } from "../../formats/perf/perf-data/script-renderer.ts"
import { ByteOutput } from "../../rows/byte-output.ts"
import type { RecordForm, RecordOutput } from "../reading/reader.ts"

type Kind = "json" | "jsonl" | "xml" | "praudit" | "praudit-xml" | "bsm" | "perf-script"

interface Frame {
  readonly head: string
  /** Before the first record, and before each further one. */
  readonly first: string
  readonly next: string
  readonly end: string
  /** Of a file without records. */
  readonly endOfNone: string
}

const FRAMES: Readonly<Record<Kind, Frame>> = {
  json: { head: "[", first: "\n", next: ",\n", end: "\n]\n", endOfNone: "]\n" },
  jsonl: { head: "", first: "", next: "\n", end: "\n", endOfNone: "" },
  // As the Event Viewer writes it, without its byte order mark.
  xml: {
    head: '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<Events>\n',
    first: "",
    next: "\n",
    end: "\n</Events>\n",
    endOfNone: "</Events>\n",
  },
  // These records end their own lines, or have none.
  praudit: { head: "", first: "", next: "", end: "", endOfNone: "" },
  bsm: { head: "", first: "", next: "", end: "", endOfNone: "" },
  "perf-script": { head: "", first: "", next: "", end: "", endOfNone: "" },
  "praudit-xml": {
    head: PRAUDIT_XML_HEAD,
    first: "",
    next: "",
    end: PRAUDIT_XML_END,
    endOfNone: PRAUDIT_XML_END,
  },
}

const FORMS: Readonly<Record<Kind, RecordForm>> = {
  json: "json",
  jsonl: "json",
  xml: "xml",
  praudit: "praudit",
  "praudit-xml": "praudit",
  bsm: "bsm",
  "perf-script": "perf-script",
}

export class RecordFile implements RecordOutput {
  readonly form: RecordForm
  readonly praudit?: PrauditOptions
  readonly perfScript?: ScriptOptions
  readonly #out: ByteOutput
  readonly #frame: Frame
  readonly #first: Buffer
  readonly #next: Buffer
  count = 0

  constructor(descriptor: number, kind: Kind, praudit?: PrauditOptions, perfScript?: ScriptOptions) {
    this.form = FORMS[kind]
    if (praudit !== undefined) this.praudit = praudit
    if (perfScript !== undefined) this.perfScript = perfScript
    this.#out = new ByteOutput(descriptor)
    this.#frame = FRAMES[kind]
    this.#first = Buffer.from(this.#frame.first)
    this.#next = Buffer.from(this.#frame.next)
    this.#out.put(Buffer.from(this.#frame.head))
    this.#out.endRow()
  }

  text(record: string): void {
    const bytes = Buffer.from(record, "utf8")
    this.bytes(bytes, 0, bytes.length)
  }

  bytes(buffer: Buffer, start: number, end: number): void {
    const out = this.begin()
    out.reserve(end - start)
    buffer.copy(out.bytes, out.used, start, end)
    out.used += end - start
    this.end()
  }

  begin(): GrowingBytes {
    const out = this.#out
    const before = this.count === 0 ? this.#first : this.#next
    out.reserve(before.length)
    // A byte or two: less than a call out of JavaScript.
    for (let at = 0; at < before.length; at++) out.bytes[out.used++] = before[at] as number
    return out
  }

  end(): void {
    this.#out.endRow()
    this.count++
  }

  finish(): void {
    const { end, endOfNone } = this.#frame
    this.#out.put(Buffer.from(this.count === 0 ? endOfNone : end))
    this.#out.endRow()
    this.#out.send()
  }
}
