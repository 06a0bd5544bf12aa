/** osquery's own test records with the rows that it makes of them, brought into one form. */
import { readFileSync } from "node:fs"
import path from "node:path"
import { SHARED } from "./read-rows.ts"

export interface VectorRecord {
  readonly type: number
  readonly text: string
}

export type Cells = Readonly<Record<string, string>>

export interface Vector {
  readonly name: string
  readonly records: readonly VectorRecord[]
  /** Rows by table; `undefined` where osquery says nothing of the table. */
  readonly rows: Readonly<Record<string, readonly Cells[]>>
  /** True when the cells are all that a row holds: what they do not name is absent. */
  readonly isWhole: boolean
  /** What a better program would give, where our notes say so. */
  readonly better?: Readonly<Record<string, unknown>>
}

interface Case {
  readonly name: string
  readonly arch?: string
  readonly records: readonly VectorRecord[]
}

const read = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(path.join(SHARED, name), "utf8")) as Record<string, unknown>

export function readVectors(): Vector[] {
  return [...processVectors(), ...functionVectors(), ...socketVectors(), ...seccompVectors(), ...ownVectors()]
}

/**
 * osquery never reads `arch`, and some of its aarch64 records carry x86_64's word with aarch64's numbers. No kernel
 * writes that, so the word is put right here.
 */
function withArch(records: readonly VectorRecord[], arch: string | undefined): VectorRecord[] {
  if (arch !== "aarch64") return [...records]
  return records.map(({ type, text }) => ({ type, text: text.replace("arch=c000003e", "arch=c00000b7") }))
}

function processVectors(): Vector[] {
  const file = read("osquery/process_events.json")
  const cases = file.cases as (Case & { expect: { rows: number; columns: Cells } })[]
  const samples = file.source_comment_samples as (Case & { derived_rows: Cells[] })[]
  const other = JSON.parse(
    readFileSync(path.join(SHARED, "linux-audit/osquery/process_events.json"), "utf8"),
  ) as { test: string; records?: { type: number; data: string }[]; expected_row: Cells }[]
  return [
    ...cases.map(({ name, arch, records, expect }) => ({
      name: `${name} ${arch}`,
      records: withArch(records, arch),
      rows: { process_events: Array<Cells>(expect.rows).fill(expect.columns) },
      isWhole: false,
    })),
    ...samples.map(({ name, records, derived_rows }) => ({
      name,
      records,
      rows: { process_events: derived_rows },
      isWhole: true,
    })),
    ...other
      .filter(({ records }) => records !== undefined && records.length > 0)
      .map(({ test, records, expected_row }) => ({
        name: `${test} (netlink)`,
        records: (records ?? []).map(({ type, data }) => ({ type, text: data })),
        rows: { process_events: [expected_row] },
        isWhole: false,
      })),
  ]
}

const NUMBERS = new Map([
  ["clone", "56"],
  ["fork", "57"],
  ["vfork", "58"],
  ["execve", "59"],
])

interface FunctionVector {
  readonly fn: string
  readonly syscall: string
  readonly record: VectorRecord
  readonly expect: { ok: boolean; is_thread?: boolean; pid?: number; parent?: number }
}

/**
 * Calls of osquery's own functions. The name of the call goes with them as an argument, so it is put into the
 * record; those that hand over a record of another type only check that the function refuses it.
 */
function functionVectors(): Vector[] {
  const all = read("osquery/process_events.json").functions as FunctionVector[]
  return all
    .filter(({ expect }) => expect.ok)
    .map(({ fn, syscall, record, expect }, at) => {
      const text = record.text.replace("syscall=56", `syscall=${NUMBERS.get(syscall)}`)
      const ids = expect.pid === undefined ? {} : { pid: String(expect.pid), parent: String(expect.parent) }
      return {
        name: `${fn} ${syscall} ${at}`,
        records: [{ type: record.type, text }],
        rows: { process_events: expect.is_thread === true ? [] : [ids] },
        isWhole: false,
      }
    })
}

function socketVectors(): Vector[] {
  const cases = read("osquery/socket_events.json").cases as (Case & { derived_row?: Cells })[]
  const addresses = read("osquery/audit_sockaddr.json").vectors as { saddr: string; expect: Cells }[]
  const call = (saddr: string): VectorRecord[] => [
    {
      type: 1300,
      text: 'audit(1700000000.000:1): arch=c000003e syscall=42 success=yes exit=0 a0=3 pid=2 auid=1000 exe="/bin/x"',
    },
    { type: 1306, text: `audit(1700000000.000:1): saddr=${saddr}` },
  ]
  return [
    ...cases.map(({ name, records, derived_row }, at) => ({
      name: `${name} ${at}`,
      records,
      rows: { socket_events: derived_row === undefined ? [] : [derived_row] },
      isWhole: true,
    })),
    ...addresses.map(({ saddr, expect }) => {
      const { unix, ...cells } = expect
      return {
        name: `sockaddr ${saddr}`,
        records: call(saddr),
        rows: { socket_events: [cells] },
        isWhole: false,
      }
    }),
  ]
}

function seccompVectors(): Vector[] {
  const file = read("osquery/seccomp_events.json")
  const vectors = file.vectors as { fields: Record<string, string | number>; expect: Cells }[]
  const sample = file.sample_record as VectorRecord & { derived_row: Cells }
  const made = vectors.map(({ fields, expect }, at) => {
    const { arch, code, comm, exe, ...plain } = fields
    const words = Object.entries(plain).map(([key, value]) => `${key}=${value}`)
    const hex = `arch=${Number(arch).toString(16)} code=0x${Number(code).toString(16)}`
    const text = `audit(1700000000.000:1): ${words.join(" ")} comm="${comm}" exe="${exe}" ${hex}`
    return {
      name: `seccomp ${at}`,
      records: [{ type: 1326, text }],
      rows: { seccomp_events: [expect] },
      isWhole: false,
    }
  })
  const { type, text, derived_row } = sample
  return [
    ...made,
    {
      name: "seccomp sample",
      records: [{ type, text }],
      rows: { seccomp_events: [derived_row] },
      isWhole: true,
    },
  ]
}

function ownVectors(): Vector[] {
  const cases = read("osquery/derived_behaviour.json").cases as (Case & {
    osquery: Record<string, readonly Cells[]>
    better: Record<string, unknown>
  })[]
  return cases.map(({ name, records, osquery, better }) => ({
    name,
    records,
    rows: {
      process_events: osquery.process_events ?? [],
      socket_events: osquery.socket_events ?? [],
      user_events: osquery.user_events ?? [],
      selinux_events: [],
    },
    isWhole: true,
    better,
  }))
}
