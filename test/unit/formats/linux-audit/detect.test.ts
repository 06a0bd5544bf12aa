import { readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { detectLinuxAudit } from "../../../../src/formats/linux-audit/detect.ts"
import { hasShared, SHARED, WITHOUT_SHARED } from "./framing/run-framer.ts"
import { SAMPLES } from "./framing/samples.ts"

const HEAD_BYTES = 256 * 1024
const detectFile = (name: string) =>
  detectLinuxAudit(readFileSync(name).subarray(0, HEAD_BYTES), path.basename(name))

describe("detection", () => {
  it.each(Object.entries(SAMPLES))("recognises %s", (variant, sample) => {
    const detection = detectLinuxAudit(sample, "x")
    expect(detection).toMatchObject({ format: "linux-audit", variant })
    expect(detection?.confidence).toBe(variant === "journald-cat" ? "likely" : "certain")
    const hasTime = !["journald-short", "journald-cat"].includes(variant)
    if (hasTime) expect(Math.floor((detection?.firstTimeMs ?? 0) / 1000)).toBe(1795299274)
    else expect(detection?.firstTimeMs).toBeNaN()
  })

  it("names what analysts look for", () => {
    expect(detectLinuxAudit(SAMPLES.auditd, "x")?.title).toBe("auditd log (ENRICHED)")
    expect(detectLinuxAudit(SAMPLES.audisp, "x")?.title).toBe("syslog written by auditd's plugin (node=)")
    const interpreted = Buffer.from("type=CWD msg=audit(11/21/26 22:12:16.884:8176) : cwd=/\n")
    expect(detectLinuxAudit(interpreted, "x")).toMatchObject({
      variant: "ausearch",
      title: "ausearch output (interpreted)",
    })
  })

  it("finds few records in a long syslog, and a log behind a damaged start", () => {
    const other = "Nov 21 22:14:34 web-1 sshd[1]: Accepted key\n".repeat(150)
    expect(detectLinuxAudit(Buffer.concat([Buffer.from(other), SAMPLES.syslog]), "x")?.variant).toBe("syslog")
    expect(detectLinuxAudit(Buffer.concat([Buffer.alloc(4096), SAMPLES.auditd]), "x")?.variant).toBe("auditd")
  })

  it.each([
    ["nothing", ""],
    ["a photograph", Buffer.from("ffd8ffe000104a46494600010100000100010000ffdb0043", "hex")],
    ["random bytes", Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 7919) % 256))],
    ["a syslog without records", "Nov 21 22:14:34 web-1 sshd[1]: Accepted key\n".repeat(20)],
    ["a kernel log without records", "[    0.267675] usb 1-1: new device\n".repeat(20)],
    [
      "source code",
      '#include <x.h>\n/* type=CWD msg=audit(1.002:3): */\nvoid f(void) { audit("x"); }\nint main() {}\nreturn 0;\n}\n',
    ],
    [
      "a document that quotes a record",
      `${"Some words about logs.\n".repeat(9)}type=CWD msg=audit(1.002:3): cwd="/"\n${"More words.\n".repeat(9)}`,
    ],
    ["shouting", "GET /index.html HTTP/1.1\nHOST: x\nUSER alice\nPATH is long\n"],
    ["eslogger's JSON", '{"schema_version":1,"mach_time":5,"event":{"exec":{}},"process":{}}\n'],
    [
      "osquery's results",
      '{"name":"pack_x","hostIdentifier":"h","unixTime":1,"columns":{"pid":"1"},"action":"added"}\n',
    ],
    ["an EVTX export", '[{"Event":{"System":{"EventID":4624,"Channel":"Security"}}}]'],
    ["a package.json", '{\n  "name": "x",\n  "version": "1.0.0"\n}\n'],
    ["a web server's JSON log", '{"msg":"GET /","time":"2026","level":30}\n'],
  ])("does not claim %s", (_what, head) => {
    expect(detectLinuxAudit(Buffer.from(head), "x")).toBeNull()
  })

  it("never throws, whatever the length", () => {
    for (const sample of Object.values(SAMPLES)) {
      for (let length = 0; length < Math.min(sample.length, 300); length++) {
        expect(() => detectLinuxAudit(sample.subarray(0, length), "x")).not.toThrow()
      }
    }
  })
})

describe.skipIf(!hasShared)(`detection of captures ${WITHOUT_SHARED}`, () => {
  it.each([
    ["real/audit.log", "auditd"],
    ["real/audit.enriched.log", "auditd"],
    ["real/netlink.bin", "netlink"],
    ["real/dmesg.txt", "dmesg"],
    ["real/dmesg-T.txt", "dmesg"],
    ["real/dmesg.raw.txt", "dmesg"],
    ["real/dmesg.json.txt", "dmesg-json"],
    ["real/journald/journal.cat", "journald-cat"],
    ["real/journald/journal.short", "journald-short"],
    ["real/journald/journal.short-iso", "journald-short"],
    ["real/journald/journal.json", "journald-json"],
    ["real/journald/journal.json-pretty", "journald-json-pretty"],
    ["variants/syslog-audispd-node.log", "audisp"],
    ["plaso/selinux.log", "auditd"],
    ["osquery/process_file_events.audit.log", "auditd"],
  ])("%s is %s", (name, variant) => {
    expect(detectFile(path.join(SHARED, name))?.variant).toBe(variant)
  })

  it("claims every real log of the corpora", () => {
    const names = readdirSync(SHARED, { recursive: true, encoding: "utf8" })
    const wrapped = names.filter((name) => /xp-rules\/.*\/raw_\d+\.txt$/.test(name))
    expect(wrapped.length).toBeGreaterThan(15)
    for (const name of wrapped)
      expect([name, detectFile(path.join(SHARED, name))?.variant]).toEqual([name, "audisp"])
    // OMS numbers its raw events below 20.
    const logs = names.filter((name) =>
      /(?:oms-auditd\/event-0\d|filebeat\/.*|go-libaudit\/.*)\.log$/.test(name),
    )
    expect(logs.length).toBeGreaterThan(20)
    for (const name of logs)
      expect([name, detectFile(path.join(SHARED, name))?.variant]).toEqual([name, "auditd"])
  })

  it("claims nothing of the other formats", () => {
    for (const folder of ["es", "osquery", "windows", "perf", "bsm"]) {
      for (const entry of readdirSync(path.join(SHARED, "..", folder), {
        recursive: true,
        withFileTypes: true,
      })) {
        if (!entry.isFile()) continue
        const name = path.join(entry.parentPath, entry.name)
        expect([name, detectFile(name)?.variant ?? null]).toEqual([name, null])
      }
    }
  })
})
