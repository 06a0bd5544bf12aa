/**
 * What the programs are told when they are loaded: offsets inside structures that differ from kernel to kernel, and
 * what is wanted. Source of truth: native/bpf/capture.h (struct settings), whose words these are, in its order.
 */
import type { Btf } from "./btf.ts"
import { fieldOffset } from "./tracefs.ts"

/** What no kernel structure has as an offset. */
const ABSENT = 0xffffffff
const SETTINGS_BYTES = 200
const FIRST_PLACE = 20

/** Where each word behind `cgroup_level` comes from: a field of a tracepoint, or members of a structure. */
export const PLACES = [
  "sched/sched_process_exec:filename",
  "sched/sched_process_exec:old_pid",
  "task/task_newtask:pid",
  "task/task_newtask:clone_flags",
  "task_struct.mm",
  "task_struct.real_parent",
  "task_struct.tgid",
  "task_struct.loginuid",
  "task_struct.sessionid",
  "task_struct.exit_code",
  "task_struct.start_time",
  "task_struct.signal",
  "signal_struct.live",
  "task_struct.files",
  "task_struct.fs",
  "mm_struct.arg_start",
  "mm_struct.arg_end",
  "fs_struct.pwd",
  "path.mnt",
  "path.dentry",
  "dentry.d_parent",
  "dentry.d_name",
  "qstr.name",
  "mount.mnt",
  "mount.mnt_parent",
  "mount.mnt_mountpoint",
  "vfsmount.mnt_root",
  "files_struct.fdt",
  "fdtable.max_fds",
  "fdtable.fd",
  "file.private_data",
  "socket.sk",
  "socket.type",
  "sock.sk_protocol",
  "sock_common.skc_family",
  "sock_common.skc_daddr",
  "sock_common.skc_rcv_saddr",
  "sock_common.skc_dport",
  "sock_common.skc_num",
  "sock_common.skc_v6_daddr",
  "sock_common.skc_v6_rcv_saddr",
  "unix_sock.addr",
  "unix_sock.peer",
  "unix_address.len",
  "unix_address.name",
] as const

type Place = (typeof PLACES)[number]

/** All of them, or the working directory cannot be told. */
const DIRECTORY_PLACES: readonly Place[] = [
  "fs_struct.pwd",
  "task_struct.fs",
  "path.mnt",
  "path.dentry",
  "dentry.d_parent",
  "dentry.d_name",
  "qstr.name",
  "mount.mnt",
  "mount.mnt_parent",
  "mount.mnt_mountpoint",
  "vfsmount.mnt_root",
]

export interface Wanted {
  /** Bytes of the arguments of an exec that are kept. */
  readonly argumentBytes: number
  /** Only tasks of this control group, and of those below it. */
  readonly cgroup?: { readonly id: bigint; readonly level: number }
}

/** @param btf undefined on a kernel without: then what lies in structures is not told */
export function makeSettings(
  events: string,
  btf: Btf | undefined,
  { argumentBytes, cgroup }: Wanted,
): Buffer {
  const settings = Buffer.alloc(SETTINGS_BYTES)
  settings.writeUInt32LE(argumentBytes, 4)
  settings.writeBigUInt64LE(cgroup?.id ?? 0n, 8)
  settings.writeUInt32LE(cgroup?.level ?? 0, 16)
  PLACES.forEach((place, index) => {
    settings.writeUInt32LE(offsetOf(place, events, btf) ?? ABSENT, FIRST_PLACE + index * 4)
  })
  forgetUnlessAll(settings, DIRECTORY_PLACES)
  return settings
}

/** The first of them tells the programs whether the others are there. */
function forgetUnlessAll(settings: Buffer, places: readonly Place[]): void {
  const at = (place: Place) => FIRST_PLACE + PLACES.indexOf(place) * 4
  const [first] = places
  const isWhole = places.every((place) => settings.readUInt32LE(at(place)) !== ABSENT)
  if (!isWhole && first !== undefined) settings.writeUInt32LE(ABSENT, at(first))
}

export function switchOn(settings: Buffer, isOn: boolean): Buffer {
  settings.writeUInt32LE(isOn ? 1 : 0, 0)
  return settings
}

function offsetOf(place: string, events: string, btf: Btf | undefined): number | undefined {
  const [tracepoint = "", field] = place.split(":")
  return field === undefined ? btf?.offsetOf(place) : fieldOffset(events, tracepoint, field)
}
