/**
 * The AUDIT_ARCH words of a machine: its own and the 32-bit one that runs beside it.
 * Source of truth: include/uapi/linux/audit.h; process.arch of Node.js.
 */

export interface MachineArch {
  /** The 64-bit calls. */
  readonly native: number
  /** The 32-bit calls of the same machine. */
  readonly compat: number
}

const MACHINES: ReadonlyMap<string, MachineArch> = new Map([
  ["x64", { native: 0xc000003e, compat: 0x40000003 }],
  ["arm64", { native: 0xc00000b7, compat: 0x40000028 }],
])

/** @param arch as process.arch has it; undefined for a machine that live capture does not know */
export function machineArch(arch: string): MachineArch | undefined {
  return MACHINES.get(arch)
}
