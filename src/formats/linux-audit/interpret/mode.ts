/** File modes (inode(7)) in the words of ausearch. */

const TYPES: ReadonlyMap<number, string> = new Map([
  [0o14, "socket"],
  [0o12, "link"],
  [0o10, "file"],
  [0o06, "block"],
  [0o04, "dir"],
  [0o02, "character"],
  [0o01, "fifo"],
])

/** `file,suid,755`; a number of three octal digits for a type without name. undefined for NaN. */
export function formatFileMode(mode: number): string | undefined {
  if (Number.isNaN(mode)) return undefined
  const type = (mode & 0o170000) >> 12
  const special = specialBits(mode)
  const name = TYPES.get(type) ?? octal(type)
  return `${name}${special === "" ? "" : `,${special}`},${octal(mode & 0o777)}`
}

/** `0644`, `suid,sgid,0755`. undefined for NaN. */
export function formatPermissions(mode: number): string | undefined {
  if (Number.isNaN(mode)) return undefined
  const special = specialBits(mode)
  return `${special === "" ? "" : `${special},`}0${octal(mode & 0o777)}`
}

function specialBits(mode: number): string {
  const names: string[] = []
  if ((mode & 0o4000) !== 0) names.push("suid")
  if ((mode & 0o2000) !== 0) names.push("sgid")
  if ((mode & 0o1000) !== 0) names.push("sticky")
  return names.join(",")
}

function octal(bits: number): string {
  return bits.toString(8).padStart(3, "0")
}
