import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Readable } from "node:stream"
import { describe, expect, it } from "vitest"
import { bsmOrigin } from "../../../../../src/app/capture/bsm/bsm-origin.ts"
import type { BsmSystem } from "../../../../../src/app/capture/bsm/open-pipe.ts"
import { captureBsm } from "../../../../../src/app/capture/bsm/run-capture-bsm.ts"
import { captureFollow } from "../../../../../src/app/capture/run-follow.ts"
import { NativeError } from "../../../../../src/sources/native/native-error.ts"
import { record } from "../../../../bsm-writer/record.ts"
import { execArgs, path, returns32, subject } from "../../../../bsm-writer/tokens.ts"
import { FakeAuditPipe, FakePipeReading } from "../../../../fake-devices/fake-audit-pipe.ts"
import { TestRequest } from "../live-request.ts"

const CONFIGURED = { audit_allow_config: "true" }

function systemOf(device: FakeAuditPipe, reading: FakePipeReading, platform = "darwin"): BsmSystem {
  return { platform, open: () => device, read: () => reading }
}

function refusing(code: string, platform = "darwin"): BsmSystem {
  const open = () => {
    throw new NativeError(code, 1, "open", `open: ${code}`)
  }
  return { platform, open, read: () => new FakePipeReading([]) }
}

/** Stops the capture once the pieces are out and a look has been taken. */
function soon(test: TestRequest, ms = 50): void {
  setTimeout(() => test.stopping.abort(), ms)
}

describe("capture bsm", () => {
  it.each([
    [{}, "pc,ex,lo,aa", 0x4000_3080],
    [{ audit_allow_sockets: "true", audit_allow_user_events: "false" }, "pc,ex,nt", 0x4000_0180],
    [
      {
        audit_allow_process_events: "false",
        audit_allow_user_events: "false",
        audit_allow_fim_events: "true",
      },
      "fc,fd,fw,fr,fa,fm",
      0x3f,
    ],
  ])("with %o asks the pipe for %s", async (flags, classes, mask) => {
    const test = new TestRequest({ ...CONFIGURED, ...flags })
    const device = new FakeAuditPipe()
    soon(test)
    const summary = await captureBsm(test.request, systemOf(device, new FakePipeReading([])))
    expect(summary).toMatchObject({ exitCode: 0, ended: "stopped", pipe: { drops: 0, isNone: true } })
    expect(device.told).toContainEqual(["setPreselectFlags", mask, mask])
    expect(device.told).toContainEqual(["setPreselectNaflags", mask, mask])
    // At the end it is told to queue nothing more, so that it can be emptied.
    expect(device.told.slice(-2)).toEqual([
      ["setPreselectFlags", 0, 0],
      ["setPreselectNaflags", 0, 0],
    ])
    expect(device.isClosed).toBe(true)
    expect(test.said[0]).toContain(`classes ${classes};`)
  })

  it("without audit_allow_config selects nothing by itself", async () => {
    const test = new TestRequest({ audit_allow_config: "false" })
    const device = new FakeAuditPipe()
    soon(test)
    await captureBsm(test.request, systemOf(device, new FakePipeReading([])))
    expect(device.told.map(([request]) => request)).toEqual(["setQueueLimit", "flush", "setNonBlocking"])
    expect(test.said[0]).toContain("what auditd's flags select")
  })

  it("with every flag off has nothing to do, and leaves no database", async () => {
    const off = { audit_allow_process_events: "false", audit_allow_user_events: "false" }
    const test = new TestRequest({ ...CONFIGURED, ...off })
    const device = new FakeAuditPipe()
    const run = captureBsm(test.request, systemOf(device, new FakePipeReading([])))
    await expect(run).rejects.toMatchObject({ exitCode: 64 })
    expect([existsSync(test.database), device.told]).toEqual([false, []])
  })

  it("counts what the pipe dropped, as gaps and in the exit code", async () => {
    const test = new TestRequest(CONFIGURED)
    const device = new FakeAuditPipe()
    device.words.set("getDrops", 100)
    const each = () => device.words.set("getDrops", 105).set("getTruncates", 1)
    soon(test, 1500)
    const reading = new FakePipeReading([Buffer.from("x")], undefined, each)
    const summary = await captureBsm(test.request, systemOf(device, reading))
    expect(summary).toMatchObject({
      exitCode: 4,
      gaps: { "pipe-drops": 1, "pipe-truncates": 1 },
      pipe: { drops: 5, truncates: 1, isNone: false },
    })
    expect(test.rows("SELECT kind, what, host FROM _gaps ORDER BY kind")).toMatchObject([
      { kind: "pipe-drops", host: "mac-1", what: expect.stringMatching(/^5 records/) },
      { kind: "pipe-truncates" },
    ])
    expect(test.said).toContain("Warning: the audit pipe drops records: 5 so far; the end tells how many")
  })

  it("counts at its end what was dropped since the last look", async () => {
    const test = new TestRequest(CONFIGURED)
    const device = new FakeAuditPipe()
    const each = () => device.words.set("getDrops", 2)
    soon(test)
    const reading = new FakePipeReading([Buffer.from("x")], undefined, each)
    const summary = await captureBsm(test.request, systemOf(device, reading))
    expect([summary.exitCode, summary.pipe?.drops]).toEqual([4, 2])
    expect(test.rows("SELECT kind FROM _gaps")).toEqual([{ kind: "pipe-drops" }])
  })

  it("ends with what came when the device is gone, and says so", async () => {
    const test = new TestRequest(CONFIGURED)
    const device = new FakeAuditPipe()
    const gone = new NativeError("ENXIO", 6, "read", "read: ENXIO")
    const each = () => device.refused.set("getDrops", "ENXIO")
    const summary = await captureBsm(
      test.request,
      systemOf(device, new FakePipeReading([Buffer.from("x")], gone, each)),
    )
    expect(summary).toMatchObject({ exitCode: 2, ended: "source failed", gaps: { "source-ended": 1 } })
    expect(test.said).toContain("the audit pipe is gone: read: ENXIO")
    expect(test.rows("SELECT exit_code FROM _runs")).toEqual([{ exit_code: 2 }])
  })

  it("gives the rows of records that reads have split", async () => {
    const test = new TestRequest({ ...CONFIGURED, audit_allow_fork_process_events: "true" })
    const trail = Buffer.concat(
      [7, 8, 9].map((pid) =>
        record(23, [execArgs(["ls", "/srv/demo"]), path("/bin/ls"), subject({ pid }), returns32()]),
      ),
    )
    const pieces = [
      trail.subarray(0, 3),
      trail.subarray(3, 100),
      trail.subarray(100, 101),
      trail.subarray(101),
    ]
    soon(test, 300)
    const summary = await captureBsm(test.request, systemOf(new FakeAuditPipe(), new FakePipeReading(pieces)))
    expect(summary).toMatchObject({ exitCode: 0, rows: { process_events: 3 }, problems: {} })
    expect(test.rows("SELECT pid, path, source FROM process_events ORDER BY pid")).toEqual(
      [7, 8, 9].map((pid) => ({ pid, path: "/bin/ls", source: "openbsm" })),
    )
    expect(test.rows("SELECT path, format, records, state FROM _sources")).toEqual([
      { path: "/dev/auditpipe", format: "bsm", records: 3, state: "done" },
    ])
  })

  it("with --raw writes a trail that gives the same rows at the same places", async () => {
    const test = new TestRequest({ ...CONFIGURED, audit_allow_fork_process_events: "true" })
    const rawPath = join(test.folder, "trail.bsm")
    const trail = Buffer.concat(
      [7, 8, 9].map((pid) => record(23, [path("/bin/ls"), subject({ pid }), returns32()])),
    )
    const pieces = [trail.subarray(0, 90), trail.subarray(90)]
    soon(test, 300)
    await captureBsm({ ...test.request, rawPath }, systemOf(new FakeAuditPipe(), new FakePipeReading(pieces)))
    const again = new TestRequest()
    const follow = { ...bsmOrigin, fromEnd: false, paths: [rawPath], stdin: Readable.from([]) }
    setTimeout(() => again.stopping.abort(), 400)
    await captureFollow({ ...again.request, ...follow })
    const columns = "pid, path, time_ns, source_offset"
    const rows = test.rows(`SELECT ${columns} FROM process_events ORDER BY pid`)
    expect(rows).toHaveLength(3)
    expect(again.rows(`SELECT ${columns} FROM process_events ORDER BY pid`)).toEqual(rows)
    expect(test.rows("SELECT path FROM _sources")).toEqual([{ path: rawPath }])
  })

  it("with --raw keeps the bytes as they came, in a new file", async () => {
    const test = new TestRequest(CONFIGURED)
    const rawPath = join(test.folder, "trail.bsm")
    const pieces = [Buffer.from([0x14, 0]), Buffer.from([0, 1, 2])]
    soon(test)
    await captureBsm({ ...test.request, rawPath }, systemOf(new FakeAuditPipe(), new FakePipeReading(pieces)))
    expect(readFileSync(rawPath)).toEqual(Buffer.concat(pieces))
  })

  it("never writes into a file that is there already", async () => {
    const test = new TestRequest(CONFIGURED)
    const rawPath = join(test.folder, "trail.bsm")
    writeFileSync(rawPath, "mine")
    const reading = new FakePipeReading([Buffer.from("x")])
    const run = captureBsm({ ...test.request, rawPath }, systemOf(new FakeAuditPipe(), reading))
    await expect(run).rejects.toMatchObject({ exitCode: 73 })
    expect([readFileSync(rawPath, "utf8"), reading.isClosed]).toEqual(["mine", true])
  })

  it.each([
    ["EACCES", "darwin", 77, "no permission to open /dev/auditpipe", /sudo retrail capture bsm/],
    ["EPERM", "freebsd", 77, "no permission to open /dev/auditpipe", /sudo/],
    ["ENXIO", "darwin", 2, "/dev/auditpipe cannot be opened: auditing is off", /audit_control\.example/],
    ["ENOENT", "freebsd", 2, "/dev/auditpipe cannot be opened: auditing is off", /auditd_enable="YES"/],
    ["EBUSY", "darwin", 2, "all audit pipes are in use (EBUSY)", /another program/],
    ["EIO", "darwin", 2, "open: EIO", /--from/],
  ])("%s on %s ends with %i: %s", async (code, platform, exitCode, message, suggestion) => {
    const test = new TestRequest(CONFIGURED)
    const run = captureBsm(test.request, refusing(code, platform))
    await expect(run).rejects.toMatchObject({
      exitCode,
      message,
      suggestion: expect.stringMatching(suggestion),
    })
    expect(existsSync(test.database)).toBe(false)
  })

  it.each(["linux", "win32"])("is not there on %s, which one line says", async (platform) => {
    const test = new TestRequest(CONFIGURED)
    const run = captureBsm(test.request, refusing("ENOENT", platform))
    await expect(run).rejects.toMatchObject({
      exitCode: 2,
      message: `there is no audit pipe on ${platform}`,
      suggestion: expect.stringContaining("--from PATH reads a FIFO"),
    })
  })
})
