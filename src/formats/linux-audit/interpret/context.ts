/** What the value of one field owes to the record it stands in: architecture, call, arguments, accounts. */
import type { Problem } from "../../../base/problem.ts"
import type { Field, SplitBody } from "../fields.ts"
import type { AuditRecord } from "../record.ts"
import { syscallName } from "../tables/syscall-name.ts"
import { IO_URING_OPERATIONS } from "../tables/syscalls.gen.ts"
import { hexLow, leadingDecimal } from "./number.ts"

/** Names of the host that wrote the log, from its passwd and group files. */
export interface Accounts {
  readonly users?: ReadonlyMap<number, string>
  readonly groups?: ReadonlyMap<number, string>
}

export type ReportProblem = (problem: Problem) => void

/** Says what a field's value means in the record it stands in. */
export type Interpret = (field: Field, context: RecordContext) => string

const NO_ACCOUNTS: Accounts = {}
const URINGOP = 1336

export class RecordContext {
  readonly type: number
  readonly fields: readonly Field[]
  readonly accounts: Accounts
  readonly #record: AuditRecord
  readonly #body: SplitBody
  readonly #report: ReportProblem | undefined
  #call: string | undefined
  #isCallKnown = false

  /** @param report takes the damage found while fields are interpreted */
  constructor(record: AuditRecord, body: SplitBody, accounts?: Accounts, report?: ReportProblem) {
    this.type = record.type
    this.fields = body.fields
    this.accounts = accounts ?? NO_ACCOUNTS
    this.#record = record
    this.#body = body
    this.#report = report
  }

  /** The raw value of the first field of that name, '' without one. */
  find(name: string): string {
    for (const field of this.fields) if (field.name === name) return field.raw
    return ""
  }

  /** The system call, or io_uring operation, that the record tells of; undefined when it tells of none we know. */
  get call(): string | undefined {
    if (!this.#isCallKnown) {
      this.#call = this.#findCall()
      this.#isCallKnown = true
    }
    return this.#call
  }

  /** The lower half of a system call argument; NaN when absent. */
  argument(name: string): number {
    return hexLow(this.find(name))
  }

  /** Tells of a damaged value of `length` characters at `at` in the body's text. */
  report(code: string, at: number, length: number, message: string, expected: string, found: string): void {
    this.#report?.({
      code,
      severity: "warning",
      offset: this.#offsetOf(at),
      length,
      message,
      expected,
      found,
    })
  }

  #findCall(): string | undefined {
    if (this.type === URINGOP) return IO_URING_OPERATIONS.name(leadingDecimal(this.find("uring_op")))
    const number = this.find("syscall")
    return number === "" ? undefined : syscallName(hexLow(this.find("arch")), leadingDecimal(number))
  }

  /** The body stands at the end of the record's bytes in the source. */
  #offsetOf(at: number): number {
    const { start, end, offset, length } = this.#record
    const bytes = this.#body.isPlain ? at : Buffer.byteLength(this.#body.text.slice(0, at))
    return offset + Math.max(0, length - (end - start)) + bytes
  }
}
