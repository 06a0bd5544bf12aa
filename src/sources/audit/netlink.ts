/**
 * The kernel's audit socket: opened, sent to, read one datagram at a time.
 *
 *   u32 nlmsg_len  u16 nlmsg_type  u16 nlmsg_flags  u32 nlmsg_seq  u32 nlmsg_pid  payload
 *
 * Little endian. Of audit records nlmsg_len is the payload's length alone: the datagram's own length counts.
 * Source of truth: include/uapi/linux/netlink.h, include/uapi/linux/audit.h, netlink(7).
 */
import { type Libc, loadLibc } from "../native/libc.ts"
import { hasCode } from "../native/native-error.ts"

export const NETLINK_HEADER_BYTES = 16
export const NLMSG_ERROR = 2
export const NLMSG_DONE = 3
export const NLM_F_REQUEST = 1
export const NLM_F_ACK = 4

const AF_NETLINK = 16
const SOCK_RAW = 3
const SOCK_CLOEXEC = 0o2000000
const NETLINK_AUDIT = 9
/** AUDIT_NLGRP_READLOG as a bit. */
const READLOG_GROUP = 1
const SOL_SOCKET = 1
const SO_RCVBUF = 8
const SO_RCVBUFFORCE = 33
export const MSG_TRUNC = 0x20
export const MSG_DONTWAIT = 0x40
/** More than the kernel sends in one datagram: MAX_AUDIT_MESSAGE_LENGTH is 8970, a listed rule about 10 KiB. */
const DATAGRAM_BYTES = 64 * 1024

export interface AuditSocketOptions {
  /** Read what the owner reads, beside it, instead of being the owner (needs CAP_AUDIT_READ, Linux 3.16). */
  readonly multicast: boolean
  /** As asked of the kernel, which doubles it; without CAP_NET_ADMIN net.core.rmem_max bounds it. */
  readonly receiveBufferBytes: number
}

/** What AuditControl needs of a socket. */
export interface AuditSocket {
  readonly fd: number
  /** The netlink port, as a rule the process id. */
  readonly portId: number
  /** What the kernel granted, in its own count, overhead included. */
  readonly receiveBufferBytes: number
  /** Sends one request and returns its sequence number. */
  send(type: number, payload: Uint8Array, flags: number): number
  /** One whole datagram of the kernel, netlink header included; null when none came in time. */
  receive(timeoutMs: number): Buffer | null
  close(): void
}

/** The caller closes it. @throws NativeError with the errno's name: EPROTONOSUPPORT without audit, EPERM */
export function openAuditSocket(options: AuditSocketOptions, libc: Libc = loadLibc()): AuditSocket {
  const fd = libc.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT)
  try {
    setReceiveBuffer(libc, fd, options.receiveBufferBytes)
    libc.bindNetlink(fd, options.multicast ? READLOG_GROUP : 0)
    return new KernelAuditSocket(libc, fd)
  } catch (error) {
    libc.close(fd)
    throw error
  }
}

function setReceiveBuffer(libc: Libc, fd: number, bytes: number): void {
  try {
    libc.setSocketOption(fd, SOL_SOCKET, SO_RCVBUFFORCE, bytes)
  } catch (error) {
    if (!hasCode(error, "EPERM")) throw error
    libc.setSocketOption(fd, SOL_SOCKET, SO_RCVBUF, bytes)
  }
}

class KernelAuditSocket implements AuditSocket {
  readonly fd: number
  readonly portId: number
  readonly receiveBufferBytes: number
  readonly #libc: Libc
  readonly #datagram = Buffer.alloc(DATAGRAM_BYTES)
  #sequence = 0
  #isOpen = true

  constructor(libc: Libc, fd: number) {
    this.#libc = libc
    this.fd = fd
    this.portId = libc.netlinkPort(fd)
    this.receiveBufferBytes = libc.socketOption(fd, SOL_SOCKET, SO_RCVBUF)
  }

  send(type: number, payload: Uint8Array, flags: number): number {
    this.#sequence = (this.#sequence % 0x7fffffff) + 1
    const message = Buffer.alloc(NETLINK_HEADER_BYTES + payload.length)
    message.writeUInt32LE(message.length, 0)
    message.writeUInt16LE(type, 4)
    message.writeUInt16LE(flags | NLM_F_REQUEST, 6)
    message.writeUInt32LE(this.#sequence, 8)
    message.set(payload, NETLINK_HEADER_BYTES)
    this.#libc.sendToKernel(this.fd, message)
    return this.#sequence
  }

  receive(timeoutMs: number): Buffer | null {
    const deadline = performance.now() + timeoutMs
    for (;;) {
      const left = Math.ceil(deadline - performance.now())
      const isReadable = this.#libc.waitReadable(this.fd, Math.max(left, 0))
      const datagram = isReadable ? this.#take() : null
      if (datagram !== null || left <= 0) return datagram
    }
  }

  close(): void {
    if (this.#isOpen) this.#libc.close(this.fd)
    this.#isOpen = false
  }

  /** The next datagram; null when it is not the kernel's, or another reader was faster. */
  #take(): Buffer | null {
    try {
      const { length, senderPid } = this.#libc.receiveFrom(this.fd, this.#datagram, MSG_DONTWAIT)
      if (senderPid !== 0 || length < NETLINK_HEADER_BYTES) return null
      return Buffer.from(this.#datagram.subarray(0, length))
    } catch (error) {
      if (hasCode(error, "EAGAIN", "EINTR")) return null
      throw error
    }
  }
}
