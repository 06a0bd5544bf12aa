/** Splits bodies that the kernel wrote into fields, independently of the parser under test. */
import type { KeptRecord } from "./run-framer.ts"

const EXECVE = 1309
export type RawFields = Map<string, string>

/** The fields of each event's records by `type sec.nsec:serial`; EXECVE's arguments are joined and decoded. */
export function fieldsByRecord(records: readonly KeptRecord[]): Map<string, RawFields[]> {
  const groups = new Map<string, RawFields[]>()
  for (const record of records) {
    const key = `${record.type} ${record.sec}.${record.nsec}:${record.serial}`
    const group = groups.get(key) ?? []
    const fields = fieldsOf(record.body)
    if (record.type === EXECVE && group[0] !== undefined)
      for (const [name, value] of fields) group[0].set(name, value)
    else group.push(fields)
    groups.set(key, group)
  }
  for (const [key, group] of groups) if (key.startsWith(`${EXECVE} `)) group.forEach(joinArguments)
  return groups
}

export function fieldsOf(body: string): RawFields {
  const fields: RawFields = new Map()
  for (const [, name, value] of body.matchAll(/([A-Za-z][\w[\]-]*)=('.*'|"[^"]*"|\S*)/g)) {
    fields.set(String(name), String(value))
  }
  return fields
}

/** `a1_len=`, `a1[0]=`, `a1[1]=` … become one `a1` in hex, as do all other arguments. */
function joinArguments(fields: RawFields): void {
  const pieces = new Map<number, string[]>()
  for (const [name, value] of [...fields]) {
    const match = /^a(\d+)(_len)?(?:\[(\d+)\])?$/.exec(name)
    if (match === null) continue
    fields.delete(name)
    if (match[2] !== undefined) continue
    const argument = pieces.get(Number(match[1])) ?? []
    argument[Number(match[3] ?? 0)] = value
    pieces.set(Number(match[1]), argument)
  }
  for (const [index, argument] of pieces) fields.set(`a${index}`, argument.map(hexOf).join(""))
}

function hexOf(value: string): string {
  return value.startsWith('"')
    ? Buffer.from(value.slice(1, -1), "latin1").toString("hex").toUpperCase()
    : value
}
