/**
 * The rules that a capture wants, by the groups of calls that osquery's flags choose.
 * Source of truth: osquery/events/linux/auditdnetlink.cpp, osquery/tables/events/linux/*.h (syscall sets).
 */
import { syscallNumber } from "../../formats/linux-audit/tables/syscall-name.ts"
import type { MachineArch } from "./machine.ts"
import { type AuditRule, makeRule, numberField, textField } from "./rule.ts"
import { ACTION, FIELD, LIST, OPERATOR } from "./rule-fields.ts"

/** By this key a later run knows rules that were left behind. */
export const OWN_KEY = "retrail"

export interface WantedGroups {
  readonly exec: boolean
  readonly fork: boolean
  readonly kill: boolean
  readonly sockets: boolean
  readonly accept: boolean
  readonly files: boolean
}

/**
 * DEVIATION(osquery): clone3, by which the C library starts processes since 2021; socketcall, the only way to
 * accept on i386; the 64-bit lengths and mmap2 of 32-bit programs. osquery asks for none of them.
 */
const CALLS: { readonly [Group in keyof WantedGroups]: string } = {
  exec: "execve execveat",
  fork: "clone fork vfork clone3",
  kill: "kill tkill tgkill",
  sockets: "bind connect socketcall",
  accept: "accept accept4 socketcall",
  files:
    "linkat symlinkat unlinkat renameat renameat2 mknodat openat open_by_handle_at name_to_handle_at close dup " +
    "dup3 pread64 preadv read readv mmap write writev pwrite64 pwritev truncate ftruncate clone symlink unlink " +
    "rename creat mknod open dup2 fork vfork mmap2 truncate64 ftruncate64",
}

/**
 * One rule for each kind of program that the machine runs, none when nothing is wanted. A call that an arch does
 * not have is left out there.
 *
 * DEVIATION(osquery): its single rule has no arch, so that 32-bit calls match by the 64-bit numbers; ours say
 * which numbers they mean. They also have a key, by which they are told from foreign rules.
 */
export function wantedRules(groups: WantedGroups, machine: MachineArch): AuditRule[] {
  const names = Object.entries(CALLS).flatMap(([group, calls]) =>
    groups[group as keyof WantedGroups] ? calls.split(" ") : [],
  )
  return [machine.native, machine.compat].flatMap((arch) => {
    const syscalls = numbersOf(names, arch)
    if (syscalls.length === 0) return []
    const fields = [
      numberField(FIELD.arch, OPERATOR.equal, arch),
      textField(FIELD.key, OPERATOR.equal, OWN_KEY),
    ]
    return [makeRule({ list: LIST.exit, action: ACTION.always, syscalls, fields })]
  })
}

function numbersOf(names: readonly string[], arch: number): number[] {
  const numbers = names.flatMap((name) => syscallNumber(arch, name) ?? [])
  return [...new Set(numbers)].sort((one, other) => one - other)
}
