/**
 * Which system calls matter to the tables, by name and by number of the machine.
 * Source of truth: osquery events/linux/bpf/bpfeventpublisher.cpp for the choice; syscall_64.tbl and unistd.h (generic)
 * for the numbers.
 */
import { syscallName } from "../../formats/linux-audit/tables/syscall-name.ts"
import type { CallRole } from "./call.ts"

const ROLES: ReadonlyMap<string, CallRole> = new Map<string, CallRole>([
  ["execve", "exec"],
  ["execveat", "exec"],
  ["fork", "fork"],
  ["vfork", "fork"],
  ["clone", "fork"],
  ["clone3", "fork"],
  ["socket", "socket"],
  ["connect", "connect"],
  ["bind", "bind"],
  ["listen", "listen"],
  ["accept", "accept"],
  ["accept4", "accept"],
  ["open", "open"],
  ["openat", "open"],
  ["openat2", "open"],
  ["creat", "open"],
  ["close", "close"],
  ["dup", "dup"],
  ["dup2", "dup"],
  ["dup3", "dup"],
  ["fcntl", "fcntl"],
  ["chdir", "chdir"],
  ["fchdir", "fchdir"],
])

export function roleOf(call: string): CallRole | undefined {
  return ROLES.get(call)
}

/** Names of audit's arch words: 64-bit machines only, whose numbers raw_syscalls and BPF report. */
const ARCHES: ReadonlyMap<string, number> = new Map([
  ["x86_64", 0xc000003e],
  ["aarch64", 0xc00000b7],
])

/** The name of a call by its number, '' when it is none that matters. */
export function callOfNumber(number: number, machine = "x86_64"): string {
  const name = syscallName(ARCHES.get(machine) ?? 0xc000003e, number) ?? ""
  return ROLES.has(name) ? name : ""
}
