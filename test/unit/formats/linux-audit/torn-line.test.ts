/** Lines that are not one record: NUL blocks and lost line ends. */
import { expect, test } from "vitest"
import { runFramer } from "./framing/run-framer.ts"

const CWD = 'type=CWD msg=audit(1700000000.123:42): cwd="/srv/demo"'
const PATH = 'type=PATH msg=audit(1700000000.123:42): item=0 name="/srv/demo/a" nametype=NORMAL'

function bodiesOf(text: string) {
  const { records, problems, foreign } = runFramer("auditd", text, [7])
  const found = records.map(({ type, offset, length, body }) => [
    type,
    text.slice(offset, offset + length),
    body,
  ])
  return {
    found,
    problems: problems.map(({ code, severity, offset, length }) => [code, severity, offset, length]),
    foreign,
  }
}

test("a NUL block ends a record, and the next one is read behind it", () => {
  const torn = `${CWD.slice(0, 48)}\0\0\0\0${PATH}\n${CWD}\n`
  expect(bodiesOf(torn)).toEqual({
    found: [
      [1307, CWD.slice(0, 48), CWD.slice(39, 48)],
      [1302, PATH, PATH.slice(40)],
      [1307, CWD, CWD.slice(39)],
    ],
    problems: [["linux-audit/nul-bytes", "warning", 48, 4]],
    foreign: [],
  })
})

test("a line of NULs alone is reported and is no record", () => {
  const { found, problems } = bodiesOf(`${CWD}\n${"\0".repeat(5000)}\n${PATH}`)
  expect(found.length).toBe(2)
  expect(problems).toEqual([["linux-audit/nul-bytes", "warning", CWD.length + 1, 5000]])
})

test("a record that begins inside another's line is read, and said", () => {
  const { found, problems } = bodiesOf(`${CWD.slice(0, 48)}${PATH}\n${CWD}\n`)
  expect(found.map(([type, text]) => [type, text])).toEqual([
    [1307, CWD.slice(0, 48)],
    [1302, PATH],
    [1307, CWD],
  ])
  expect(problems).toEqual([["linux-audit/merged-lines", "warning", 48, PATH.length]])
})

test("what a program says in its message is no record", () => {
  const forged =
    "type=USER_LOGIN msg=audit(1700000000.123:43): pid=1 uid=0 auid=0 ses=1 " +
    `msg='op=login text=type=CWD msg=audit(1.2:3): exe="/srv/demo/x" res=success'`
  const { found, problems } = bodiesOf(`${forged}\n${CWD}\n`)
  expect(found.map(([type]) => type)).toEqual([1112, 1307])
  expect(problems).toEqual([])
})

test("a header without its colon, as auditd writes DAEMON_CONFIG, is a record; one that runs on is none", () => {
  const config = "type=DAEMON_CONFIG msg=audit(1490239800.477:34) config changed, auid=0 pid=1512 res=success"
  const { found, problems } = bodiesOf(`${config}\n${config.replace(") c", ")c")}\n${CWD}\n`)
  expect(found.map(([type]) => type)).toEqual([1203, 1307])
  expect(found[0]?.[2]).toBe("config changed, auid=0 pid=1512 res=success")
  expect(problems.map(([code, severity]) => [code, severity])).toEqual([["linux-audit/bad-header", "error"]])
})

test("a syslog stamp cut by a line end is not completed from the next line", () => {
  const text = `Nov 21 22:\n4:34 web-1 sshd[1]: Accepted key\n${CWD}\n`
  expect(runFramer("auditd", text, [4096])).toEqual(runFramer("auditd", text, [3]))
})
