/** With a program called eslogger that behaves as told. */
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { describe, expect, it } from "vitest"
import { ES_FORMAT } from "../../../../../src/app/capture/es/es-origin.ts"
import { captureEs, type EsRequest } from "../../../../../src/app/capture/es/run-capture-es.ts"
import { FORMATS } from "../../../../../src/app/reading/formats.ts"
import { execMessage } from "../../../../fake-devices/es-message.ts"
import { installEslogger, isAlive } from "../../../../fake-devices/install-eslogger.ts"
import { TestRequest } from "../live-request.ts"

const isKnown = FORMATS.some(({ name }) => String(name) === ES_FORMAT)

/** Messages of the fake are old. */
const KEEP_ALL = { events_expiry: "0", events_max: "0" }

function setUp(behaviour: string, flags: Readonly<Record<string, string>> = {}) {
  const test = new TestRequest(flags)
  const eslogger = installEslogger(test.folder, behaviour)
  const rawPath = join(test.folder, "raw.ndjson")
  const request: EsRequest = { ...test.request, searchPath: test.folder, rawPath }
  const raw = () => (existsSync(rawPath) ? readFileSync(rawPath, "utf8") : "")
  return { test, eslogger, request, raw }
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await delay(10)
}

const messages = (...sequences: readonly number[]) => sequences.map((one) => execMessage(one)).join("")

describe.skipIf(process.platform === "win32")("capture es", () => {
  it("starts eslogger with the events that it knows, takes what it says, and ends it", async () => {
    const { test, eslogger, request, raw } = setUp("steady")
    const run = captureEs(request)
    await until(() => raw().length >= messages(0, 1, 2).length)
    test.stopping.abort()
    expect(await run).toMatchObject({ exitCode: expect.any(Number), ended: "stopped", gaps: {} })
    expect(raw()).toBe(messages(0, 1, 2))
    const [start] = eslogger.starts()
    expect(start?.args).toEqual(["exec", "fork", "exit", "su", "sudo"])
    expect(isAlive(start?.pid ?? 0)).toBe(false)
  })

  it("asks for the events that were named, and for no others", async () => {
    const { test, eslogger, request, raw } = setUp("steady")
    const run = captureEs({ ...request, events: ["tcc_modify", "exec"] })
    await until(() => raw() !== "")
    test.stopping.abort()
    await run
    expect(eslogger.starts().map(({ args }) => args)).toEqual([["tcc_modify", "exec"]])
  })

  it.each([
    ["not-permitted", 77, /may not observe this Mac/, /Full Disk Access/],
    ["not-privileged", 77, /needs root/, /sudo retrail capture es/],
    ["too-many", 2, /no room for another client/, /another security tool/],
    ["usage", 2, /before it gave an event \(exit code 64\): Usage: eslogger/, /--list-events/],
  ])("%s ends with %i and what to do", async (behaviour, exitCode, message, suggestion) => {
    const { request, test } = setUp(behaviour)
    await expect(captureEs(request)).rejects.toMatchObject({
      exitCode,
      message: expect.stringMatching(message),
      suggestion: expect.stringMatching(suggestion),
    })
    expect(test.rows("SELECT exit_code FROM _runs")).toEqual([{ exit_code: 2 }])
  })

  it("that dies in the middle of a line keeps what came, and says what is missing", async () => {
    const { test, request, raw } = setUp("mid-line")
    const summary = await captureEs(request)
    expect(summary).toMatchObject({ exitCode: 2, ended: "source failed", gaps: { "source-ended": 1 } })
    expect(test.said).toContain("eslogger ended (SIGKILL)")
    expect(test.rows("SELECT what, evidence FROM _gaps")).toEqual([
      {
        what: "all that happened afterwards: eslogger ended (SIGKILL)",
        evidence: "eslogger's process ended unasked (SIGKILL)",
      },
    ])
    expect(raw()).toBe(messages(0, 1).slice(0, messages(0).length + 300))
  })

  it("quotes the last line of one that ended, however much it said", async () => {
    const { test, request } = setUp("chatty")
    const summary = await captureEs(request)
    expect(summary.exitCode).toBe(2)
    expect(test.said.at(-1)).toBe("eslogger ended (exit code 3): last\u001b[31m words")
  })

  it("kills one that does not end when asked", async () => {
    const { test, eslogger, request, raw } = setUp("stubborn")
    const run = captureEs(request)
    await until(() => raw() !== "")
    test.stopping.abort()
    const began = performance.now()
    expect(await run).toMatchObject({ ended: "stopped" })
    expect(performance.now() - began).toBeGreaterThan(1500)
    expect(isAlive(eslogger.starts()[0]?.pid ?? 0)).toBe(false)
  })

  it.skipIf(!isKnown)("lets one that floods wait, and takes every message", async () => {
    const { test, request } = setUp("flood", KEEP_ALL)
    const { rawPath = "" } = request
    const size = () => statSync(rawPath, { throwIfNoEntry: false })?.size ?? 0
    const all = Array.from({ length: 6000 }, (_, sequence) => execMessage(sequence).length)
    const whole = all.reduce((sum, length) => sum + length, 0)
    const run = captureEs({ ...request, stallMs: 200 })
    await until(() => size() > 0)
    const early = size()
    await until(() => size() === whole)
    test.stopping.abort()
    const summary = await run
    expect(early).toBeLessThan(whole)
    expect(summary.records).toBe(6000)
    expect(test.rows("SELECT count(*) AS n FROM es_process_events")).toEqual([{ n: 6000 }])
    // What may wait: the bound, and what is handed on at once.
    expect(summary.highestDepths[0]).toBeLessThanOrEqual(4096 + 1024)
  })

  it.skipIf(!isKnown)("tells what eslogger dropped, by the numbers of the messages", async () => {
    const { test, request, raw } = setUp("lossy")
    const run = captureEs(request)
    await until(() => raw().endsWith(execMessage(8)))
    test.stopping.abort()
    expect(await run).toMatchObject({ exitCode: 4, ended: "stopped" })
    expect(test.rows("SELECT path, cwd FROM es_process_events")).toHaveLength(4)
  })

  it("ends eslogger too when the capture fails", async () => {
    const { eslogger, request } = setUp("steady")
    writeFileSync(request.rawPath ?? "", "mine")
    await expect(captureEs(request)).rejects.toMatchObject({ exitCode: 73 })
    await until(() => eslogger.starts().every(({ pid }) => !isAlive(pid)))
  })

  it("says where eslogger is to be had, and how to do without", async () => {
    const test = new TestRequest()
    const run = captureEs({ ...test.request, searchPath: `${test.folder}:relative:` })
    await expect(run).rejects.toMatchObject({
      exitCode: 2,
      message: "there is no eslogger on this system",
      suggestion: expect.stringMatching(/macOS 13 and newer.*--from -/),
    })
    expect(existsSync(test.database)).toBe(false)
  })

  it("takes the program that is named, and no other", async () => {
    const { test, eslogger, request, raw } = setUp("steady")
    const run = captureEs({ ...request, searchPath: "", program: eslogger.program })
    await until(() => raw() !== "")
    test.stopping.abort()
    await run
    chmodSync(eslogger.program, 0o600)
    await expect(captureEs({ ...request, program: eslogger.program })).rejects.toMatchObject({ exitCode: 77 })
    const missing = captureEs({ ...request, program: join(test.folder, "none") })
    await expect(missing).rejects.toMatchObject({ exitCode: 66 })
  })
})
