/**
 * Takes the audit socket from a capture that has it: `node audit-thief.ts PID`; without PID it only becomes the owner.
 * Says "taken", and gives it up when its standard input ends.
 *
 * The kernel replaces no owner that lives. But it forgets one that it cannot reach any more, and a netlink socket that
 * is connected to somebody else takes nothing from the kernel: the request itself makes it try (AUDIT_REPLACE).
 * Source of truth: kernel/audit.c audit_replace, auditd_reset; net/netlink/af_netlink.c netlink_getsockbyportid;
 * pidfd_open(2), pidfd_getfd(2), proc(5).
 */
import { readdirSync, readFileSync, readlinkSync } from "node:fs"
import koffi from "koffi"
import { AuditControl } from "../../src/sources/audit/control.ts"
import { openAuditSocket } from "../../src/sources/audit/netlink.ts"

const PIDFD_OPEN = 434
const PIDFD_GETFD = 438
const AF_NETLINK = 16
const NETLINK_AUDIT = "9"
const OPTIONS = { multicast: false, receiveBufferBytes: 1 << 20 }

const library = koffi.load(null)
const syscall = library.func("long syscall(long, long, long, long)")
const connect = library.func("int connect(int, void *, uint32_t)")

const control = new AuditControl(openAuditSocket(OPTIONS))
const socket = openAuditSocket(OPTIONS)
const victim = Number(process.argv[2] ?? 0)

if (victim > 0) disconnect(victim, recordSocket(victim))
control.registerReader(socket)
process.stdout.write("taken\n")
process.stdin.resume().once("end", () => {
  control.release()
  process.exit()
})

/** The descriptor that records come to: of the audit sockets of a capture the first has its id, and is for requests. */
function recordSocket(pid: number): number {
  const lines = readFileSync("/proc/net/netlink", "latin1").trim().split("\n").slice(1)
  const words = lines.map((line) => line.trim().split(/\s+/))
  const inodes = words
    .filter(([, protocol, port]) => protocol === NETLINK_AUDIT && port !== String(pid))
    .map((columns) => columns[9])
  const fds = readdirSync(`/proc/${pid}/fd`)
    .map(Number)
    .sort((one, other) => one - other)
  const [reader] = fds.filter((fd) => {
    const inode = /^socket:\[(\d+)\]$/.exec(linkOf(pid, fd))?.[1]
    return inode !== undefined && inodes.includes(inode)
  })
  if (reader === undefined) throw new Error("it has no audit socket")
  return reader
}

function linkOf(pid: number, fd: number): string {
  try {
    return readlinkSync(`/proc/${pid}/fd/${fd}`)
  } catch {
    return ""
  }
}

/** Connects the socket of the other process with ours. */
function disconnect(pid: number, fd: number): void {
  const process = check("pidfd_open", syscall(PIDFD_OPEN, pid, 0, 0))
  const theirs = check("pidfd_getfd", syscall(PIDFD_GETFD, process, fd, 0))
  const address = Buffer.alloc(12)
  address.writeUInt16LE(AF_NETLINK, 0)
  address.writeUInt32LE(socket.portId, 4)
  check("connect", connect(theirs, address, address.length))
}

function check(call: string, result: number): number {
  if (result < 0) throw new Error(`${call} failed with errno ${koffi.errno()}`)
  return result
}
