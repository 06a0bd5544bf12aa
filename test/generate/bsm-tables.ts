/**
 * Writes src/formats/bsm/tables/*.gen.ts from the look-up data beside the checkout.
 * Run: node test/generate/bsm-tables.ts [FOLDER]
 * Source of truth: OpenBSM etc/audit_event and sys/bsm headers, XNU bsd/bsm/audit_kevents.h.
 */
import { readFileSync, writeFileSync } from "node:fs"
import path from "node:path"
import { fileURLToPath } from "node:url"

interface EventRow {
  readonly number: number
  readonly name: string
  readonly description: string | null
  readonly class: readonly string[] | null
  readonly platform: readonly string[]
}
interface ValueRow {
  readonly name: string
  readonly value: number
  readonly message?: string
}
interface ClassRow {
  readonly mask: string
  readonly name: string
  readonly description: string
}

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..")
const shared = path.resolve(root, process.argv[2] ?? "../shared/data", "bsm")
const target = path.join(root, "src/formats/bsm/tables")

/** Letters of the systems that an event row is for. */
const LETTERS = new Map([
  ["macos", "m"],
  ["freebsd", "f"],
  ["openbsm", "o"],
])

write("events", "EVENT_LINES", "Audit events: number, systems, classes, name, description.", events())
write(
  "errno",
  "ERRNO_LINES",
  "Error numbers of return tokens: number, name, message.",
  values("errno", "BSM_ERRNO_"),
)
write("domains", "DOMAIN_LINES", "Socket domains: number, name.", values("domains", "BSM_PF_"))
write("socket-types", "SOCKET_TYPE_LINES", "Socket types: number, name.", values("socket-types", "BSM_SOCK_"))
write("fcntl", "FCNTL_LINES", "Commands of fcntl: number, name.", values("fcntl", "BSM_"))
write("classes", "CLASS_LINES", "Event classes: mask, name, description.", classes())

function events(): string[] {
  return read<EventRow[]>("events").map((row) => {
    const systems = row.platform.map((name) => LETTERS.get(name) ?? "").join("")
    const classes = row.class === null || row.class.length === 0 ? "-" : row.class.join(",")
    return `${row.number} ${systems} ${classes} ${row.name} ${row.description ?? ""}`.trimEnd()
  })
}

function values(name: string, prefix: string): string[] {
  return read<ValueRow[]>(name).map((row) => {
    const short = row.name.startsWith(prefix) ? row.name.slice(prefix.length) : row.name
    return `${row.value} ${short} ${row.message ?? ""}`.trimEnd()
  })
}

function classes(): string[] {
  return read<ClassRow[]>("classes").map((row) => `${Number(row.mask)} ${row.name} ${row.description}`)
}

function read<T>(name: string): T {
  return JSON.parse(readFileSync(path.join(shared, `${name}.json`), "utf8")) as T
}

function write(file: string, constant: string, job: string, lines: readonly string[]): void {
  const head = `/** ${job} Written by test/generate/bsm-tables.ts; do not edit. */\n`
  const body = lines.map((line) => `${line.replaceAll("\\", "\\\\").replaceAll("`", "\\`")}\n`).join("")
  writeFileSync(path.join(target, `${file}.gen.ts`), `${head}export const ${constant} = \`\\\n${body}\`\n`)
}
