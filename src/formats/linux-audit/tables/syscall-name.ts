/**
 * System call names by arch word and number, x32 included, and numbers by name.
 * Source of truth: audit-userspace lib/*_table.h; arch/x86/entry/syscalls/syscall_64.tbl (x32).
 */
import { ARCHES } from "./arches.gen.ts"
import { X32_CALLS } from "./syscalls.gen.ts"

export const ARCH_X86_64 = 0xc000003e
const X32_BIT = 0x40000000
/** The kernel's names of calls that the audit tables call otherwise. */
const KERNEL_NAMES: ReadonlyMap<string, string> = new Map([
  ["pread64", "pread"],
  ["pwrite64", "pwrite"],
])

/** The call's name; undefined when the arch has no table or the table no such number. */
export function syscallName(arch: number, number: number): string | undefined {
  const calls = ARCHES[arch]?.calls
  if (arch === ARCH_X86_64 && number >= X32_BIT) {
    const plain = number - X32_BIT
    return X32_CALLS.name(plain) ?? calls?.name(plain)
  }
  return calls?.name(number)
}

/** The call's number, x32 aside; undefined when the arch has no table or the table no such name. */
export function syscallNumber(arch: number, name: string): number | undefined {
  const calls = ARCHES[arch]?.calls
  return calls?.number(name) ?? calls?.number(KERNEL_NAMES.get(name) ?? name)
}
