/** What names in a rules file mean on this machine: a live capture is of this host, so its own accounts count. */
import { readFileSync, statSync } from "node:fs"
import { machineArch } from "../../../sources/audit/machine.ts"
import type { RulesContext } from "../../../sources/audit/rules-file/rules-file.ts"
import { findUser } from "../../../sources/native/accounts.ts"
import { FailedError } from "../../errors.ts"

/** @throws FailedError on a machine whose calls are not known */
export function rulesContext(): RulesContext {
  const machine = machineArch(process.arch)
  if (machine === undefined) throw new FailedError(`no system calls are known for ${process.arch}`)
  return {
    machine,
    userId: (name) => findUser(name, readFileSync("/etc/passwd", "utf8"))?.uid,
    groupId: (name) => groupId(name, readFileSync("/etc/group", "utf8")),
    isDirectory: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false,
  }
}

/** group(5): name, password, number, members. */
function groupId(name: string, text: string): number | undefined {
  const fields = text.split("\n").map((line) => line.split(":"))
  const number = fields.find(([known]) => known === name)?.[2]
  return number !== undefined && /^\d+$/.test(number) ? Number(number) : undefined
}
