/** What stands in for eslogger in tests: started by its name, it behaves as `globalThis.behaviour` says. */
import { appendFileSync, writeSync } from "node:fs"
import { execMessage } from "./es-message.ts"

interface Script {
  readonly behaviour: string
  /** Takes note of each start and its arguments. */
  readonly log: string
}

const { behaviour, log } = (globalThis as unknown as { readonly script: Script }).script
const args = process.argv.slice(2)
const KNOWN = ["exec", "fork", "exit", "create", "rename", "write", "su", "sudo"]
const stay = () => void setInterval(() => {}, 1000)
const print = (text: string) => {
  for (let done = 0; done < text.length; ) {
    try {
      done += writeSync(1, text.slice(done))
    } catch (error) {
      // A pipe that is full makes eslogger wait.
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error
    }
  }
}

const BEHAVIOURS: Readonly<Record<string, () => void>> = {
  /** Three messages, then silence. */
  steady: () => {
    for (const sequence of [0, 1, 2]) print(execMessage(sequence))
    stay()
  },
  lossy: () => {
    for (const sequence of [0, 1, 7, 8]) print(execMessage(sequence))
    stay()
  },
  "not-permitted": () => {
    process.stderr.write("Not permitted to create an ES Client: ES_NEW_CLIENT_RESULT_ERR_NOT_PERMITTED\n")
    process.exitCode = 1
  },
  "not-privileged": () => {
    process.stderr.write("Not privileged: ES_NEW_CLIENT_RESULT_ERR_NOT_PRIVILEGED\n")
    process.exitCode = 1
  },
  "too-many": () => {
    process.stderr.write("ES_NEW_CLIENT_RESULT_ERR_TOO_MANY_CLIENTS\n")
    process.exitCode = 1
  },
  usage: () => {
    process.stderr.write("Error: unknown event\u001b[2Jtype\nUsage: eslogger\n")
    process.exitCode = 64
  },
  /** Says far too much on stderr, then ends. */
  chatty: () => {
    print(execMessage(0))
    for (let at = 0; at < 200; at++) writeSync(2, `${"noise ".repeat(1000)}\n`)
    writeSync(2, "last\u001b[31m words\n")
    process.exitCode = 3
  },
  flood: () => {
    for (let sequence = 0; sequence < 6000; sequence++) print(execMessage(sequence))
    stay()
  },
  "mid-line": () => {
    print(execMessage(0))
    print(execMessage(1).slice(0, 300))
    process.kill(process.pid, "SIGKILL")
  },
  stubborn: () => {
    process.on("SIGTERM", () => {})
    print(execMessage(0))
    stay()
  },
}

if (args[0] === "--list-events") {
  process.stdout.write(`${KNOWN.join("\n")}\n`)
} else {
  appendFileSync(log, `${JSON.stringify({ pid: process.pid, args })}\n`)
  BEHAVIOURS[behaviour]?.()
}
