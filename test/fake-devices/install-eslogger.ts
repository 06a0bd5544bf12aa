/** Puts a program called eslogger into a folder, which can be a folder of PATH. */
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"

export interface InstalledEslogger {
  readonly program: string
  /** Its starts so far, but for those that only list events. */
  starts(): { readonly pid: number; readonly args: readonly string[] }[]
}

export function installEslogger(folder: string, behaviour: string): InstalledEslogger {
  const program = join(folder, "eslogger")
  const log = join(folder, "eslogger-starts.jsonl")
  const fake = resolve(import.meta.dirname, "fake-eslogger.ts")
  const script = [
    `#!${process.execPath}`,
    `globalThis.script = ${JSON.stringify({ behaviour, log })}`,
    `import(${JSON.stringify(fake)})`,
    "",
  ]
  writeFileSync(program, script.join("\n"), { mode: 0o755 })
  const starts = () =>
    existsSync(log)
      ? readFileSync(log, "utf8")
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line))
      : []
  return { program, starts }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
