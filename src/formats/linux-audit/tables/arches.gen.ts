/** The arch words of audit records (linux/audit.h AUDIT_ARCH_*), names and call tables. Written by test/generate/linux-audit-tables.ts; do not edit. */
import type { NameTable } from "./name-table.ts"
import { AARCH64_CALLS, ARM_CALLS, I386_CALLS, PPC64LE_CALLS, RISCV32_CALLS, RISCV64_CALLS, S390X_CALLS, S390_CALLS, X86_64_CALLS } from "./syscalls.gen.ts"

export interface Arch {
  readonly name: string
  readonly calls: NameTable | undefined
}

export const ARCHES: Readonly<Record<number, Arch>> = {
  0x40000003: { name: "i386", calls: I386_CALLS },
  0x40000008: { name: "mipsel", calls: undefined },
  0x40000028: { name: "arm", calls: ARM_CALLS },
  0x40000102: { name: "loongarch32", calls: undefined },
  0x80000008: { name: "mips64", calls: undefined },
  0x80000015: { name: "ppc64", calls: PPC64LE_CALLS },
  0x80000016: { name: "s390x", calls: S390X_CALLS },
  0xc000003e: { name: "x86_64", calls: X86_64_CALLS },
  0xc00000b7: { name: "aarch64", calls: AARCH64_CALLS },
  0x00000028: { name: "armeb", calls: ARM_CALLS },
  0xc0000015: { name: "ppc64le", calls: PPC64LE_CALLS },
  0x00000014: { name: "ppc", calls: PPC64LE_CALLS },
  0x00000016: { name: "s390", calls: S390_CALLS },
  0xc00000f3: { name: "riscv64", calls: RISCV64_CALLS },
  0x400000f3: { name: "riscv32", calls: RISCV32_CALLS },
  0xc0000102: { name: "loongarch64", calls: undefined },
  0xc0009026: { name: "alpha", calls: undefined },
  0xc0000032: { name: "ia64", calls: undefined },
  0x00000008: { name: "mips", calls: undefined },
  0xc0000008: { name: "mipsel64", calls: undefined },
  0xa0000008: { name: "mips64n32", calls: undefined },
  0xe0000008: { name: "mipsel64n32", calls: undefined },
  0x00000002: { name: "sparc", calls: undefined },
  0x8000002b: { name: "sparc64", calls: undefined },
  0x0000000f: { name: "parisc", calls: undefined },
  0x8000000f: { name: "parisc64", calls: undefined },
}
