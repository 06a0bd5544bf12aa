/**
 * A record's body from the fields that journald split it into, for entries whose MESSAGE the exporter left out
 * (journalctl -o json without --all prints null for values over 4,096 bytes).
 * Source of truth: systemd src/journal/journald-audit.c (map_fields_kernel, map_fields_userspace): the values of
 * the string fields below are decoded, all others are the kernel's text.
 */
import { bytesOfJson } from "./json-text.ts"
import { BodyText, hexOf, untrustedString } from "./kernel-text.ts"

const KERNEL_NAMES: ReadonlyMap<string, string> = new Map([
  ["_PID", "pid"],
  ["_PPID", "ppid"],
  ["_UID", "uid"],
  ["_EUID", "euid"],
  ["_FSUID", "fsuid"],
  ["_GID", "gid"],
  ["_EGID", "egid"],
  ["_FSGID", "fsgid"],
  ["_TTY", "tty"],
  ["_AUDIT_SESSION", "ses"],
  ["_AUDIT_LOGINUID", "auid"],
  ["_SELINUX_CONTEXT", "subj"],
  ["_COMM", "comm"],
  ["_EXE", "exe"],
  ["_CMDLINE", "proctitle"],
])
const DECODED: ReadonlySet<string> = new Set(["comm", "exe", "proctitle", "path", "name"])
/** Inside `msg=` these are decoded. */
const DECODED_IN_MESSAGE: ReadonlySet<string> = new Set(["cwd", "cmd", "acct", "exe"])
/** Journal field names have no hyphen. */
const HYPHENATED: ReadonlySet<string> = new Set(
  "old_auid old_ses prog_id old_enabled new_enabled old_log_passwd new_log_passwd old_level new_level".split(
    " ",
  ),
)
const PREFIX = "_AUDIT_FIELD_"
const MESSAGE_PREFIX = "AUDIT_FIELD_"
const DEVICE = /^[0-9a-f]+:[0-9a-f]+$/

/** The body, or null when no field of it is left. Values over 4,096 bytes are lost here too. */
export function rebuildMessage(fields: ReadonlyMap<string, unknown>): Buffer | null {
  const body = new BodyText()
  const nested = new BodyText()
  for (const [name, value] of inOrder(fields)) {
    const bytes = typeof value === "string" ? bytesOfJson(value) : value
    if (name.startsWith(MESSAGE_PREFIX)) {
      const key = fieldName(name.slice(MESSAGE_PREFIX.length))
      nested.field(key, DECODED_IN_MESSAGE.has(key) ? encode(key, bytes) : bytes)
      continue
    }
    const key =
      KERNEL_NAMES.get(name) ?? (name.startsWith(PREFIX) ? fieldName(name.slice(PREFIX.length)) : "")
    if (key !== "") body.field(key, isDecoded(name, key, bytes) ? encode(key, bytes) : bytes)
  }
  if (!nested.isEmpty) {
    body.word("msg='")
    body.raw(nested.bytes())
    body.raw("'")
  }
  return body.isEmpty ? null : body.bytes()
}

/** The fields that have a value, `argc` before `a0` before `a10`, all else as it comes. */
function inOrder(fields: ReadonlyMap<string, unknown>): [string, string | Buffer][] {
  const kept: [string, string | Buffer][] = []
  for (const [name, value] of fields) {
    const one = Array.isArray(value) && typeof value[0] === "number" ? Buffer.from(value as number[]) : value
    if (typeof one === "string" || Buffer.isBuffer(one)) kept.push([name, one])
  }
  if (!fields.has(`${PREFIX}ARGC`)) return kept
  return kept.sort(([a], [b]) => argumentRank(a) - argumentRank(b))
}

function argumentRank(name: string): number {
  const match = /^_AUDIT_FIELD_A(\d{1,6})(_LEN)?$/.exec(name)
  if (match === null) return name === `${PREFIX}ARGC` ? -2 : -1
  return Number(match[1])
}

function fieldName(upper: string): string {
  const name = upper.toLowerCase()
  return HYPHENATED.has(name) ? name.replaceAll("_", "-") : name
}

function isDecoded(name: string, key: string, bytes: Buffer): boolean {
  if (key === "dev") return !DEVICE.test(bytes.latin1Slice(0, bytes.length))
  return DECODED.has(key) && !isLiteral(name, bytes)
}

/** journald keeps `(null)` and the like as the kernel wrote them. */
function isLiteral(name: string, bytes: Buffer): boolean {
  const text = bytes.latin1Slice(0, Math.min(bytes.length, 16))
  return name.startsWith(PREFIX) && (text === "(null)" || text === "(none)" || text === "?")
}

/** journald shows the NULs between the words of a command line as blanks. */
function encode(key: string, bytes: Buffer): Buffer {
  if (key !== "proctitle") return untrustedString(bytes)
  const words = Buffer.from(bytes)
  for (let at = words.indexOf(0x20); at >= 0; at = words.indexOf(0x20, at)) words[at] = 0
  return words.includes(0) ? hexOf(words) : untrustedString(words)
}
