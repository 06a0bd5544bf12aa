/**
 * The C library as live capture needs it: synchronous calls that return their value or throw a NativeError.
 * Source of truth: section 2 of the Linux manual; include/uapi/linux/netlink.h (sockaddr_nl).
 *
 * Never called asynchronously: capabilities belong to threads, and a thread of a pool has none after a drop.
 */
import { type LibcCalls, loadCalls, type Pointer } from "./libc-calls.ts"
import { NativeError, systemError } from "./native-error.ts"

const AF_NETLINK = 16
/** u16 family, u16 padding, u32 port, u32 groups. */
export const SOCKADDR_NL_BYTES = 12
const POLLFD_BYTES = 8
const PROT_READ_WRITE = 3
const MAP_PRIVATE_ANONYMOUS = 0x22
const MAP_FAILED = 0xffffffffffffffffn

export const POLLIN = 1

/** Memory outside the JavaScript heap, at an address that never changes; it is never given back. */
export interface NativeMemory {
  readonly buffer: Buffer
  readonly address: bigint
}

export interface Datagram {
  readonly length: number
  /** The sender's netlink port; 0 is the kernel. */
  readonly senderPid: number
}

export class Libc {
  readonly #calls: LibcCalls
  readonly #address = Buffer.alloc(SOCKADDR_NL_BYTES)
  readonly #word = Buffer.alloc(4)
  readonly #length = Buffer.alloc(4)
  readonly #pollEntry = Buffer.alloc(POLLFD_BYTES)

  constructor(calls: LibcCalls) {
    this.#calls = calls
  }

  /** The descriptor; the caller closes it. */
  socket(domain: number, type: number, protocol: number): number {
    return this.#check("socket", this.#calls.socket(domain, type, protocol))
  }

  /** The kernel chooses the port. `groups` is a bit mask of multicast groups. */
  bindNetlink(fd: number, groups: number): void {
    const address = this.#kernelAddress()
    address.writeUInt32LE(groups, 8)
    this.#check("bind", this.#calls.bind(fd, address, address.length))
  }

  /** The socket's own netlink port. */
  netlinkPort(fd: number): number {
    this.#length.writeUInt32LE(SOCKADDR_NL_BYTES)
    this.#check("getsockname", this.#calls.getsockname(fd, this.#address, this.#length))
    return this.#address.readUInt32LE(4)
  }

  /** Sends one netlink message to the kernel. */
  sendToKernel(fd: number, message: Uint8Array): void {
    const to = this.#kernelAddress()
    this.#check("sendto", this.#calls.sendto(fd, message, message.length, 0, to, to.length))
  }

  /** One datagram into `target`; what does not fit is lost unless MSG_TRUNC is among the flags to tell. */
  receiveFrom(fd: number, target: Uint8Array, flags: number): Datagram {
    this.#length.writeUInt32LE(SOCKADDR_NL_BYTES)
    const got = this.#calls.recvfrom(fd, target, target.length, flags, this.#address, this.#length)
    return { length: this.#check("recvfrom", got), senderPid: this.#address.readUInt32LE(4) }
  }

  /** How many of the `count` mmsghdr at `messages` were filled. */
  receiveMany(fd: number, messages: bigint, count: number, flags: number): number {
    return this.#check("recvmmsg", this.#calls.recvmmsg(fd, messages, count, flags, null))
  }

  /** False when nothing came in time, or a signal did. */
  waitReadable(fd: number, timeoutMs: number): boolean {
    this.#pollEntry.writeInt32LE(fd, 0)
    this.#pollEntry.writeInt32LE(POLLIN, 4)
    const ready = this.#calls.poll(this.#pollEntry, 1, timeoutMs)
    if (ready >= 0) return ready > 0
    const error = systemError("poll", this.#calls.errno())
    if (error.code === "EINTR") return false
    throw error
  }

  setSocketOption(fd: number, level: number, name: number, value: number): void {
    this.#word.writeInt32LE(value)
    this.#check("setsockopt", this.#calls.setsockopt(fd, level, name, this.#word, 4))
  }

  socketOption(fd: number, level: number, name: number): number {
    this.#length.writeUInt32LE(4)
    this.#check("getsockopt", this.#calls.getsockopt(fd, level, name, this.#word, this.#length))
    return this.#word.readInt32LE()
  }

  close(fd: number): void {
    this.#check("close", this.#calls.close(fd))
  }

  prctl(option: number, value: number): number {
    return this.#check("prctl", this.#calls.prctl(option, value, 0, 0, 0))
  }

  /** `header` and `sets` as capget(2) has them, of the calling thread. */
  capget(header: Pointer, sets: Pointer): void {
    this.#check("capget", this.#calls.capget(header, sets))
  }

  /** Of the calling thread only. */
  capset(header: Pointer, sets: Pointer): void {
    this.#check("capset", this.#calls.capset(header, sets))
  }

  /** Of all threads, as the next two. */
  setgroups(groups: readonly number[]): void {
    const bytes = Buffer.from(Uint32Array.from(groups).buffer)
    this.#check("setgroups", this.#calls.setgroups(groups.length, groups.length === 0 ? null : bytes))
  }

  setgid(gid: number): void {
    this.#check("setgid", this.#calls.setgid(gid))
  }

  setuid(uid: number): void {
    this.#check("setuid", this.#calls.setuid(uid))
  }

  /** Zeroed memory for structures that point at each other. It lives as long as the process. */
  allocate(bytes: number): NativeMemory {
    const address = this.#calls.mmap(null, bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0)
    if (BigInt.asUintN(64, BigInt(address)) === MAP_FAILED) throw systemError("mmap", this.#calls.errno())
    return { buffer: Buffer.from(this.#calls.view(BigInt(address), bytes)), address: BigInt(address) }
  }

  #kernelAddress(): Buffer {
    this.#address.fill(0)
    this.#address.writeUInt16LE(AF_NETLINK)
    return this.#address
  }

  #check(syscall: string, result: number): number {
    if (result >= 0) return result
    throw systemError(syscall, this.#calls.errno())
  }
}

/** The outcome of the one attempt that a thread makes: declaring the calls costs a millisecond. */
const attempt: { outcome?: Libc | NativeError } = {}

/** @throws NativeError `UNSUPPORTED` or `LOAD`, the same on every call */
export function loadLibc(): Libc {
  attempt.outcome ??= tryLoad()
  if (attempt.outcome instanceof NativeError) throw attempt.outcome
  return attempt.outcome
}

function tryLoad(): Libc | NativeError {
  try {
    return new Libc(loadCalls(process.platform, process.arch))
  } catch (error) {
    if (error instanceof NativeError) return error
    throw error
  }
}
