/**
 * Events as laurel writes them, back to the records they were made from.
 *
 *   {"ID":"1795299136.920:8180","SYSCALL":{"arch":"0xc000003e","syscall":59,…,"ARGV":["0x4",…]},
 *    "EXECVE":{"argc":2,"ARGV":["ls","-l"]},"PATH":[{"item":0,"name":"/bin/ls",…}],"PROCTITLE":{"ARGV":["ls","-l"]}}
 *
 * Source of truth: laurel src/coalesce.rs, src/types.rs; linux-audit-parser src/body.rs, src/value.rs.
 */
import type { TypeNames } from "../type-names.ts"
import type { EntrySink } from "./entry-sink.ts"
import { membersOf } from "./json-text.ts"
import { BodyText, hexOf, untrustedString } from "./kernel-text.ts"
import { enrichedForm, NO_RECORDS } from "./laurel-fields.ts"
import { socketAddressHex } from "./laurel-sockaddr.ts"
import { decodePercent, kernelStringOf, kernelValue } from "./laurel-value.ts"

const ID = /^(\d{1,10})\.(\d{3}):(\d{1,10})$/
const TYPE_NAME = /^[A-Z][A-Z0-9_]{0,63}(?:\[\d{1,6}\])?$/
const ENRICHED_SEPARATOR = "\x1d"
const NUL = Buffer.alloc(1)

export function isLaurel(members: ReadonlyMap<string, unknown>): boolean {
  const id = members.get("ID")
  return typeof id === "string" && ID.test(id)
}

/** Hands on the records of an event. The sink has begun with the object. */
export function readLaurel(members: ReadonlyMap<string, unknown>, types: TypeNames, sink: EntrySink): void {
  const { record } = sink
  const id = ID.exec(String(members.get("ID")))
  if (id === null) {
    sink.problem("bad-object", "error", "a laurel event without ID")
    return
  }
  const node = members.get("NODE")
  record.node = typeof node === "string" ? decodePercent(node).toString("utf8") : ""
  record.sec = Number(id[1])
  record.nsec = Number(id[2]) * 1_000_000
  record.serial = Number(id[3]) >>> 0
  for (const [name, value] of members) {
    if (NO_RECORDS.has(name) || !TYPE_NAME.test(name)) continue
    const nameBytes = Buffer.from(name, "latin1")
    record.type = types.find(nameBytes, 0, nameBytes.length)
    record.typeName = record.type < 0 ? name : ""
    for (const one of Array.isArray(value) ? value : [value]) {
      const fields = membersOf(one)
      if (fields === null) continue
      const body = bodyOf(name, fields, sink)
      sink.setBody(body, 0, body.length)
      sink.emit()
    }
  }
  if (sink.emitted === 0) sink.problem("bad-object", "error", "a laurel event without any record")
}

function bodyOf(type: string, fields: ReadonlyMap<string, unknown>, sink: EntrySink): Buffer {
  const body = new BodyText()
  const args = fields.get("ARGV")
  if (type === "TTY") body.word("tty")
  if (type === "AVC") writePermissions(body, fields)
  if (type === "PROCTITLE") writeTitle(body, args)
  let isArgvDue = type === "SYSCALL" && Array.isArray(args)
  for (const [key, value] of fields) {
    if (isArgvDue && key === "items") {
      writeSyscallArguments(body, args)
      isArgvDue = false
    }
    if (/[a-z0-9]/.test(key) && key !== key.toUpperCase()) writeField(body, key, value)
  }
  if (isArgvDue) writeSyscallArguments(body, args)
  if (type === "EXECVE") writeArguments(body, fields, sink)
  writeSocketAddress(body, fields)
  writeEnriched(body, fields)
  return body.bytes()
}

function writeField(body: BodyText, key: string, value: unknown): void {
  const text = kernelValue(key, value)
  if (text !== null) body.field(key, text)
}

/** SELinux: `avc:  denied  { read write } for `. */
function writePermissions(body: BodyText, fields: ReadonlyMap<string, unknown>): void {
  for (const verdict of ["denied", "granted"]) {
    const permissions = fields.get(verdict)
    if (!Array.isArray(permissions)) continue
    body.word(`avc:  ${verdict}  { ${permissions.filter((one) => typeof one === "string").join(" ")} } for `)
  }
}

function writeTitle(body: BodyText, args: unknown): void {
  if (!Array.isArray(args)) return
  const words = args.filter((one) => typeof one === "string").flatMap((one) => [NUL, decodePercent(one)])
  const title = Buffer.concat(words.slice(1))
  body.field("proctitle", title.includes(0) ? hexOf(title) : untrustedString(title))
}

function writeSyscallArguments(body: BodyText, args: unknown): void {
  if (!Array.isArray(args)) return
  args.forEach((value, index) => {
    if (typeof value === "string") body.field(`a${index}`, value.replace(/^0x/, ""))
  })
}

/** `a0=… a1=…`; laurel may have cut the middle of a long list, or have joined it into one COMMAND. */
function writeArguments(body: BodyText, fields: ReadonlyMap<string, unknown>, sink: EntrySink): void {
  const args = fields.get("ARGV")
  if (!Array.isArray(args)) {
    writeCommand(body, fields, sink)
    return
  }
  let index = 0
  for (const value of args) {
    if (typeof value === "string") {
      body.field(`a${index++}`, kernelStringOf(value))
      continue
    }
    const skipped = membersOf(value)?.get("skipped_args")
    if (typeof skipped === "number" && Number.isSafeInteger(skipped) && skipped > 0) index += skipped
    sink.problem("laurel-arguments-cut", "warning", "laurel left arguments out of this EXECVE record", {
      found: JSON.stringify(value),
    })
  }
}

/** Words of a COMMAND are its arguments for certain only when there are as many as `argc` says. */
function writeCommand(body: BodyText, fields: ReadonlyMap<string, unknown>, sink: EntrySink): void {
  const command = fields.get("COMMAND")
  if (typeof command !== "string") return
  const words = command.split(" ")
  const count = fields.get("argc")
  if (typeof count === "number" && count !== words.length) {
    sink.problem(
      "laurel-arguments-joined",
      "warning",
      "laurel joined the arguments; which blank parts them is lost",
      {
        expected: `${count} arguments`,
        found: `${words.length} words`,
      },
    )
    if (count >= 1 && count < words.length) words.push(words.splice(count - 1).join(" "))
  }
  words.forEach((word, index) => {
    body.field(`a${index}`, kernelStringOf(word))
  })
}

/** With `translate.drop-raw` laurel keeps only what it made of `saddr`. */
function writeSocketAddress(body: BodyText, fields: ReadonlyMap<string, unknown>): void {
  const members = fields.has("saddr") ? null : membersOf(fields.get("SADDR"))
  const hex = members === null ? null : socketAddressHex(members)
  if (hex !== null) body.field("saddr", Buffer.from(hex, "latin1"))
}

function writeEnriched(body: BodyText, fields: ReadonlyMap<string, unknown>): void {
  let isFirst = true
  for (const [key, value] of fields) {
    const form = key === key.toUpperCase() ? enrichedForm(key) : null
    const text = form === null ? null : enrichedText(form, value)
    if (text === null) continue
    if (isFirst) body.raw(ENRICHED_SEPARATOR)
    isFirst = false
    body.field(key, text)
  }
}

function enrichedText(form: "encoded" | "bare" | "braces", value: unknown): Buffer | null {
  if (typeof value === "number") return Buffer.from(String(value), "latin1")
  if (typeof value === "string") {
    const bytes = decodePercent(value)
    return form === "encoded" ? untrustedString(bytes) : bytes
  }
  const members = form === "braces" ? membersOf(value) : null
  if (members === null) return null
  const words: string[] = []
  for (const [name, one] of members) {
    if (typeof one === "string" || typeof one === "number") words.push(`${name}=${one}`)
  }
  return Buffer.from(`{ ${words.join(" ")} }`, "utf8")
}
