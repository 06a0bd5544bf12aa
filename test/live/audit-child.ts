/** Does as a process of its own what a test's process must not: own the audit socket, give up root. */
import { execFileSync } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { Worker } from "node:worker_threads"
import { BatchReceiver } from "../../src/sources/audit/batch-receiver.ts"
import { AuditControl } from "../../src/sources/audit/control.ts"
import { restore, snapshot } from "../../src/sources/audit/kernel-state.ts"
import { machineArch } from "../../src/sources/audit/machine.ts"
import { type AuditSocket, openAuditSocket } from "../../src/sources/audit/netlink.ts"
import { StateFile } from "../../src/sources/audit/state-file.ts"
import { wantedRules } from "../../src/sources/audit/wanted-rules.ts"
import { loadLibc } from "../../src/sources/native/libc.ts"
import { dropPrivileges } from "../../src/sources/native/privileges.ts"

const NOBODY = 65534
const THREAD = new URL("./audit-thread.ts", import.meta.url)
const COLLECT_MS = 3000
const OPTIONS = { multicast: false, receiveBufferBytes: 8 << 20 }
const machine = machineArch(process.arch) ?? { native: 0, compat: 0 }
const EXEC = wantedRules(
  { exec: true, fork: false, kill: false, sockets: false, accept: false, files: false },
  machine,
)

const MODES: ReadonlyMap<string, (folder: string) => unknown> = new Map<string, (folder: string) => unknown>([
  ["own", ownSocket],
  ["multicast", hearMulticast],
  ["drop", dropRoot],
  ["hold", holdSocket],
])

const [mode = "", folder = ""] = process.argv.slice(2)
const result = await MODES.get(mode)?.(folder)
process.send?.(result)
// The one that holds waits to be killed.
if (mode !== "hold") process.disconnect()

/** Runs a program under a rule and collects what the kernel says of it. */
function ownSocket(): unknown {
  const control = new AuditControl(openAuditSocket(OPTIONS))
  const reader = openAuditSocket(OPTIONS)
  const before = snapshot(control)
  try {
    control.registerReader(reader)
    const owner = control.status().pid === process.pid
    control.registerReaderUnacknowledged(reader)
    const isOwnPid = control.status().pid === process.pid
    const second = registerElsewhere()
    control.set({ enabled: 1, failure: 0, backlogLimit: 4096 })
    for (const rule of EXEC) control.addRule(rule)
    execFileSync("/bin/true", { stdio: "ignore" })
    const collected = collect(reader)
    restore(control, before, { ourRules: EXEC })
    return { owner, isOwnPid, second, ...collected, released: control.status().pid }
  } finally {
    restore(control, before, { ourRules: EXEC })
  }
}

/** What a further process is told when it tries to become the owner. */
function registerElsewhere(): string {
  const place = (file: string) =>
    JSON.stringify(new URL(`../../src/sources/audit/${file}`, import.meta.url).href)
  const script = [
    `import { AuditControl } from ${place("control.ts")}`,
    `import { openAuditSocket } from ${place("netlink.ts")}`,
    "const open = () => openAuditSocket({ multicast: false, receiveBufferBytes: 65536 })",
    "try { new AuditControl(open()).registerReader(open()) } catch (error) { console.log(error.code) }",
  ]
  const args = ["--input-type=module", "-e", script.join("\n")]
  return execFileSync(process.execPath, args, { encoding: "utf8" }).trim()
}

function collect(socket: AuditSocket): { kinds: number[]; truncated: number; foreign: number } {
  const receiver = new BatchReceiver(socket.fd)
  const kinds = new Set<number>()
  let truncated = 0
  let foreign = 0
  const untilMs = performance.now() + COLLECT_MS
  for (let count = receiver.receive(200); count > 0; count = receiver.receive(200)) {
    // A busy host never falls silent.
    if (performance.now() > untilMs) break
    for (let index = 0; index < count; index++) {
      const start = receiver.start(index)
      const text = receiver.buffer.latin1Slice(start + 16, start + receiver.length(index))
      if (receiver.isTruncated(index)) truncated++
      if (receiver.senderPid(index) !== 0) foreign++
      const kind = receiver.buffer.readUInt16LE(start + 4)
      if (kind >= 1300 && text.startsWith("audit(")) kinds.add(kind)
    }
  }
  return { kinds: [...kinds].sort(), truncated, foreign }
}

function hearMulticast(): unknown {
  const control = new AuditControl(openAuditSocket(OPTIONS))
  const owner = openAuditSocket(OPTIONS)
  const listener = openAuditSocket({ ...OPTIONS, multicast: true })
  const before = snapshot(control)
  try {
    control.registerReader(owner)
    control.set({ enabled: 1, failure: 0, backlogLimit: 4096 })
    for (const rule of EXEC) control.addRule(rule)
    execFileSync("/bin/true", { stdio: "ignore" })
    return { heard: collect(listener).kinds.includes(1309) }
  } finally {
    restore(control, before, { ourRules: EXEC })
  }
}

async function dropRoot(folder: string): Promise<unknown> {
  const control = new AuditControl(openAuditSocket(OPTIONS))
  const reader = openAuditSocket(OPTIONS)
  const before = snapshot(control)
  const early = await startThread()
  const state = StateFile.create(before, { path: join(folder, "run/audit-state.json") })
  control.registerReader(reader)
  dropPrivileges({ uid: NOBODY, gid: NOBODY, keep: ["AUDIT_CONTROL"] })
  control.set({ backlogLimit: 333 })
  const status = readStatus()
  const backlogSet = control.status().backlogLimit
  const statusPid = control.status().pid === process.pid
  const restoreFailures = restore(control, before, { ourRules: [] })
  state.markRestored()
  return {
    capEff: status.get("CapEff"),
    capPrm: status.get("CapPrm"),
    noNewPrivs: status.get("NoNewPrivs"),
    uids: status.get("Uid"),
    shadow: codeOf(() => readFileSync("/etc/shadow")),
    setuid: codeOf(() => loadLibc().setuid(0)),
    statusPid,
    backlogSet,
    restoreFailures,
    earlyThread: await threadCapabilities(early),
    // Its code is read as nobody: a checkout in a folder of root alone cannot show it.
    lateThread: codeOf(() => readFileSync(THREAD)) || (await threadCapabilities(await startThread())),
  }
}

function holdSocket(): unknown {
  const control = new AuditControl(openAuditSocket(OPTIONS))
  control.registerReader(openAuditSocket(OPTIONS))
  setInterval(() => {}, 1000)
  return { held: true }
}

/** Resolves when the thread has all its code. */
async function startThread(): Promise<Worker> {
  const worker = new Worker(THREAD)
  await once(worker, "message")
  return worker
}

async function threadCapabilities(worker: Worker): Promise<{ before: string; after: string }> {
  worker.postMessage("drop")
  const [capabilities] = await once(worker, "message")
  return capabilities
}

function readStatus(): Map<string, string> {
  const lines = readFileSync("/proc/self/status", "latin1").split("\n")
  return new Map(lines.map((line) => [line.split(":", 1)[0] ?? "", line.slice(line.indexOf(":") + 1).trim()]))
}

function codeOf(run: () => unknown): string {
  try {
    run()
    return ""
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error)
  }
}
