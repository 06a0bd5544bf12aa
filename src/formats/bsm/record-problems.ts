/** Tells what is wrong with a record, in one problem; what the writer does to every record is told once a source. */
import type { Problem } from "../../base/problem.ts"
import type { ItemKind } from "./items.ts"
import { LAYOUT_BY_ID, TOKEN } from "./layout.ts"
import type { BsmRecord } from "./record.ts"
import { countedStrings } from "./tokens/strings.ts"

export class RecordProblems {
  readonly #report: (problem: Problem) => void
  readonly #unknown = new Set<number>()
  #hasShortSize = false

  constructor(report: (problem: Problem) => void) {
    this.#report = report
  }

  begin(): void {
    this.#unknown.clear()
    this.#hasShortSize = false
  }

  /** Of a record as it was framed and read. */
  tell(record: BsmRecord, kind: ItemKind): void {
    if (kind === "no-trailer" && isExHeader(record.id(0))) this.#tellShortSize(record)
    else if (kind === "no-trailer")
      this.#tellTrailer(record, "The record has no trailer where its size says that it ends.")
    else if (kind === "trailer-count")
      this.#tellTrailer(record, "The count in the record's trailer is not its size.")
    if (record.failure === "unknown-token") this.#tellUnknown(record)
    else if (record.failure === "fewer-strings") this.#tellFewerStrings(record)
    else if (record.failure !== "" && kind !== "no-trailer") this.#tellFailure(record)
  }

  #tellTrailer(record: BsmRecord, message: string): void {
    this.#report({ code: "bsm/bad-trailer", severity: "warning", ...placeOf(record), message })
  }

  /** Every record of such a trail is cut by as many bytes as its address has too many. */
  #tellShortSize(record: BsmRecord): void {
    if (this.#hasShortSize) return
    this.#hasShortSize = true
    this.#report({
      code: "bsm/short-size",
      severity: "warning",
      ...placeOf(record),
      message:
        "The system counted the record without its host address and cut as many bytes off its end; " +
        "further records like it are not told again.",
    })
  }

  #tellUnknown(record: BsmRecord): void {
    const id = record.bytes[record.rawFrom] as number
    if (this.#unknown.has(id)) return
    this.#unknown.add(id)
    this.#report({
      code: "bsm/unknown-token",
      severity: "info",
      offset: record.offset + record.rawFrom - record.start,
      length: record.rawTo - record.rawFrom,
      message: `No layout is known for token ${hexOf(id)}: it and what follows it are kept raw, here and further on.`,
    })
  }

  #tellFewerStrings(record: BsmRecord): void {
    const token = execOf(record)
    this.#report({
      code: "bsm/fewer-strings",
      severity: "warning",
      ...placeOf(record),
      message:
        "An exec token holds fewer strings than it counts: the system cuts long ones, or it is damaged.",
      ...(token < 0 ? {} : { found: `a count of ${countedStrings(record, token)}` }),
    })
  }

  #tellFailure(record: BsmRecord): void {
    const id = record.bytes[record.rawFrom] as number
    const name = LAYOUT_BY_ID[id]?.name ?? hexOf(id)
    const why =
      record.failure === "bad-address" ? "has an address of no known type" : "is longer than the record"
    this.#report({
      code: "bsm/damaged-record",
      severity: "warning",
      offset: record.offset + record.rawFrom - record.start,
      length: record.rawTo - record.rawFrom,
      message: `Token ${name} ${why}; the tokens before it were kept, the rest as raw bytes.`,
    })
  }
}

function execOf(record: BsmRecord): number {
  const args = record.find(TOKEN.execArgs)
  return args < 0 ? record.find(TOKEN.execEnv) : args
}

function placeOf(record: BsmRecord): { readonly offset: number; readonly length: number } {
  return { offset: record.offset, length: record.length }
}

function isExHeader(id: number): boolean {
  return id === TOKEN.header32Ex || id === TOKEN.header64Ex
}

function hexOf(id: number): string {
  return `0x${id.toString(16).padStart(2, "0")}`
}
