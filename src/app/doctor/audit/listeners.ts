/**
 * Sockets of the audit protocol in this network namespace.
 *
 *   sk               Eth Pid   Groups   Rmem Wmem Dump Locks Drops Inode
 *   00000000ef81c10d 9   811   00000001 0    0    0    2     0     4711
 *
 * `Pid` is the netlink port, as a rule the process that bound it. Source of truth: net/netlink/af_netlink.c
 * (netlink_native_seq_show), proc(5).
 */
import type { Machine } from "../check.ts"

export interface NetlinkSocket {
  readonly port: number
  /** In a multicast group, thus a reader beside the owner. */
  readonly isListener: boolean
  readonly inode: string
}

const NETLINK_AUDIT = 9

/** null when the list cannot be read. The kernel's own socket is left out. */
export function readListeners(
  machine: Machine,
  which: "all" | "listeners" = "listeners",
): readonly NetlinkSocket[] | null {
  const sockets = machine.look("/proc/net/netlink")
  if (sockets.kind !== "text") return null
  const found: NetlinkSocket[] = []
  for (const line of sockets.text.split("\n").slice(1)) {
    const [, protocol, port = "", groups = "0", , , , , , inode = ""] = line.trim().split(/\s+/)
    if (Number(protocol) !== NETLINK_AUDIT || port === "0") continue
    found.push({ port: Number(port), isListener: !/^0+$/.test(groups), inode })
  }
  return which === "all" ? found : found.filter(({ isListener }) => isListener)
}
