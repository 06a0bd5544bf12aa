/**
 * Words that stand for numbers in the values of rule fields.
 * Source of truth: audit-userspace lib/libaudit.c (audit_rule_fieldpair_data), lib/ftypetab.h, lib/fstypetab.h,
 * lib/permtab.h; include/uapi/linux/audit.h (AUDIT_COMPARE_*, AUDIT_PERM_*); linux/stat.h.
 */

/** In the order in which they are printed. */
export const PERMISSIONS: readonly (readonly [letter: string, bit: number])[] = [
  ["r", 4],
  ["w", 2],
  ["x", 1],
  ["a", 8],
]

export const FILE_TYPES: readonly (readonly [name: string, mode: number])[] = [
  ["block", 0o060000],
  ["character", 0o020000],
  ["dir", 0o040000],
  ["fifo", 0o010000],
  ["file", 0o100000],
  ["link", 0o120000],
  ["socket", 0o140000],
]

/** By the magic numbers of statfs(2). */
export const FILE_SYSTEMS: readonly (readonly [name: string, magic: number])[] = [
  ["debugfs", 0x64626720],
  ["tracefs", 0x74726163],
]

/** AUDIT_COMPARE_*: pairs of ids of one event; each pair is written either way round. */
export const COMPARISONS: readonly (readonly [left: string, right: string, code: number])[] = [
  ["uid", "obj_uid", 1],
  ["gid", "obj_gid", 2],
  ["euid", "obj_uid", 3],
  ["egid", "obj_gid", 4],
  ["auid", "obj_uid", 5],
  ["suid", "obj_uid", 6],
  ["sgid", "obj_gid", 7],
  ["fsuid", "obj_uid", 8],
  ["fsgid", "obj_gid", 9],
  ["uid", "auid", 10],
  ["uid", "euid", 11],
  ["uid", "fsuid", 12],
  ["uid", "suid", 13],
  ["auid", "fsuid", 14],
  ["auid", "suid", 15],
  ["auid", "euid", 16],
  ["euid", "suid", 17],
  ["euid", "fsuid", 18],
  ["suid", "fsuid", 19],
  ["gid", "egid", 20],
  ["gid", "fsgid", 21],
  ["gid", "sgid", 22],
  ["egid", "fsgid", 23],
  ["egid", "sgid", 24],
  ["sgid", "fsgid", 25],
]

export function wordNumber(table: readonly (readonly [string, number])[], word: string): number | undefined {
  return table.find(([known]) => known === word)?.[1]
}

export function numberWord(
  table: readonly (readonly [string, number])[],
  number: number,
): string | undefined {
  return table.find(([, known]) => known === number)?.[0]
}
