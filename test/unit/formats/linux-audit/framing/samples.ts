/** A small log in every form, made of the same two events. */
import type { Variant } from "../../../../../src/formats/linux-audit/framing/create.ts"

interface Sampled {
  readonly type: number
  readonly name: string
  readonly serial: number
  readonly body: string
}

const PLAIN: readonly Sampled[] = [
  {
    type: 1300,
    name: "SYSCALL",
    serial: 7,
    body: 'arch=c000003e syscall=59 success=yes exit=0 a0=1 items=1 comm="ls"',
  },
  { type: 1309, name: "EXECVE", serial: 7, body: 'argc=2 a0="ls" a1=2F612062' },
  { type: 1302, name: "PATH", serial: 7, body: 'item=0 name="/bin/ls" mode=0100755 nametype=NORMAL' },
  { type: 1327, name: "PROCTITLE", serial: 7, body: "proctitle=6C73002F612062" },
  { type: 1123, name: "USER_CMD", serial: 8, body: "pid=2 uid=0 msg='cwd=\"/\" cmd=6C73202D6C res=success'" },
]
const SECOND = 1795299274
const stamp = (record: Sampled): string => `audit(${SECOND}.992:${record.serial}): `

function lines(write: (record: Sampled) => string, foreign: string): Buffer {
  return Buffer.from([...PLAIN.map(write), foreign, ...PLAIN.map(write), ""].join("\n"))
}

function journalEntry(record: Sampled): Record<string, string> {
  return {
    __CURSOR: "s=1;i=1;t=660d0af8d253c",
    __REALTIME_TIMESTAMP: "1795299274990908",
    _TRANSPORT: "audit",
    _HOSTNAME: "web-1",
    _AUDIT_TYPE: String(record.type),
    _AUDIT_TYPE_NAME: record.name,
    _AUDIT_ID: String(record.serial),
    _SOURCE_REALTIME_TIMESTAMP: `${SECOND}992000`,
    MESSAGE: `${record.name} ${record.body}`,
  }
}

const OTHER_ENTRY = {
  __CURSOR: "s=1;i=2",
  __REALTIME_TIMESTAMP: "1795299274990908",
  MESSAGE: 'Started {x} "y".',
  _TRANSPORT: "journal",
}
const ENTRIES = [...PLAIN.map(journalEntry), OTHER_ENTRY, ...PLAIN.map(journalEntry)]

function exportEntry(entry: Record<string, string>, index: number): Buffer {
  const pieces = Object.entries(entry).flatMap(([name, value]) => {
    if (name !== "MESSAGE" || index % 2 === 0) return [Buffer.from(`${name}=${value}\n`)]
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(BigInt(value.length))
    return [Buffer.from(`${name}\n`), length, Buffer.from(`${value}\n`)]
  })
  return Buffer.concat([...pieces, Buffer.from("\n")])
}

function verboseEntry(entry: Record<string, string>): string {
  const fields = Object.entries(entry).filter(([name]) => !name.startsWith("__"))
  const header = `Sat 2026-11-21 22:14:34.990908 UTC [${entry.__CURSOR}]`
  return [header, ...fields.map(([name, value]) => `    ${name}=${value}`), ""].join("\n")
}

function netlinkFrame(record: Sampled): Buffer {
  const payload = Buffer.from(stamp(record) + record.body)
  const header = Buffer.alloc(20)
  header.writeUInt32LE(payload.length + 16, 0)
  header.writeUInt32LE(payload.length, 4)
  header.writeUInt16LE(record.type, 8)
  return Buffer.concat([header, payload])
}

/** Version 0 holds the kernel's text, version 1 auditd's line. */
function pluginMessage(record: Sampled, index: number): Buffer {
  const ver = index % 2
  const text = `${stamp(record)}${record.body}`
  const payload = Buffer.from(ver === 0 ? text : `type=${record.name} msg=${text}`)
  const header = Buffer.alloc(16)
  for (const [at, value] of [ver, 16, record.type, payload.length].entries())
    header.writeUInt32LE(value, at * 4)
  return Buffer.concat([header, payload])
}

const LAUREL =
  `{"ID":"${SECOND}.992:7","SYSCALL":{"arch":"0xc000003e","syscall":59,"items":1,"comm":"ls","ARGV":["0x1"]},` +
  '"EXECVE":{"argc":2,"ARGV":["ls","/a b"]},"PATH":[{"item":0,"name":"/bin/ls","mode":"0o100755"}],"PROCTITLE":{"ARGV":["ls","/a b"]}}\n'
const GO_AUDIT = `${JSON.stringify({
  sequence: 7,
  timestamp: `${SECOND}.992`,
  messages: PLAIN.map(({ type, body }) => ({ type, data: body })),
  uid_map: { 0: "root" },
})}\n`

export const SAMPLES: Readonly<Record<Variant, Buffer>> = {
  auditd: lines((record) => `type=${record.name} msg=${stamp(record)}${record.body}\x1dUID="root"`, ""),
  syslog: lines(
    (record) => `Nov 21 22:14:34 web-1 auditd: type=${record.name} msg=${stamp(record)}${record.body}`,
    "Nov 21 22:14:34 web-1 sshd[1]: Accepted key",
  ),
  audisp: lines(
    (record) =>
      `<134>Nov 21 22:14:34 web-1 audispd: node=web-1 type=${record.name} msg=${stamp(record)}${record.body}`,
    "<134>Nov 21 22:14:34 web-1 audispd: started",
  ),
  dmesg: lines(
    (record) => `[ 1838.736774] audit: type=${record.type} ${stamp(record)}${record.body}`,
    "[ 1838.736775] usb 1-1: new device",
  ),
  ausearch: lines(
    (record) =>
      `----\ntime->Sat Nov 21 22:14:34 2026\ntype=${record.name} msg=${stamp(record)}${record.body}`,
    "----",
  ),
  "journald-short": lines(
    (record) => `Nov 21 22:14:34 web-1 audit[2]: ${record.name} ${record.body}`,
    "Nov 21 22:14:34 web-1 sshd[1]: Accepted key",
  ),
  "journald-cat": lines((record) => `${record.name} ${record.body}`, "Accepted key"),
  "journald-json": Buffer.from(ENTRIES.map((entry) => `${JSON.stringify(entry)}\n`).join("")),
  "journald-json-pretty": Buffer.from(
    ENTRIES.map((entry) => `${JSON.stringify(entry, null, "\t")}\n`).join(""),
  ),
  "journald-export": Buffer.concat(ENTRIES.map(exportEntry)),
  "journald-verbose": Buffer.from(ENTRIES.map(verboseEntry).join("")),
  netlink: Buffer.concat([...PLAIN, ...PLAIN].map(netlinkFrame)),
  "audisp-binary": Buffer.concat([...PLAIN, ...PLAIN].map(pluginMessage)),
  "go-audit": Buffer.from(GO_AUDIT.repeat(3)),
  laurel: Buffer.from(LAUREL.repeat(3)),
  "dmesg-json": Buffer.from(
    JSON.stringify(
      {
        dmesg: PLAIN.map((record) => ({
          pri: 5,
          time: 1.5,
          msg: `audit: type=${record.type} ${stamp(record)}${record.body}`,
        })),
      },
      null,
      3,
    ),
  ),
}
