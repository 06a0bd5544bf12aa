/**
 * Receives many datagrams with one call: the hot loop of the reader's thread, which allocates nothing a message.
 *
 *   struct mmsghdr, 64 bytes   0 name*  8 u32 namelen  16 iovec*  24 iovlen  32 control*  40 controllen
 *                              48 i32 flags  56 u32 bytes received
 *   struct iovec, 16 bytes     0 base*  8 length
 *   struct sockaddr_nl, 12     0 u16 family  4 u32 port  8 u32 groups
 *
 * Source of truth: recvmmsg(2), include/linux/socket.h (user_msghdr); the layout of every 64-bit Linux.
 */
import { type Libc, loadLibc, type NativeMemory, SOCKADDR_NL_BYTES } from "../native/libc.ts"
import { hasCode } from "../native/native-error.ts"
import { MSG_DONTWAIT, MSG_TRUNC } from "./netlink.ts"

const MESSAGE_HEADER_BYTES = 64
const IOVEC_BYTES = 16
/** sockaddr_nl in a slot of a power of two. */
const ADDRESS_SLOT_BYTES = 16

/** What `receive` returns when the kernel dropped messages because nobody read them (ENOBUFS). */
export const OVERRUN = -1

export interface BatchOptions {
  /** At most so many with one call. */
  readonly messages: number
  /** Room for each. */
  readonly messageBytes: number
}

const DEFAULTS: BatchOptions = { messages: 64, messageBytes: 16 * 1024 }

/** What was received stays in place until the next `receive`. The memory lives as long as the process. */
export class BatchReceiver {
  /** All messages; the one of index i begins at `start(i)` and is `length(i)` long. */
  readonly buffer: Buffer
  readonly #libc: Libc
  readonly #fd: number
  readonly #options: BatchOptions
  readonly #headers: NativeMemory
  readonly #addresses: Buffer

  constructor(fd: number, options: BatchOptions = DEFAULTS, libc: Libc = loadLibc()) {
    this.#libc = libc
    this.#fd = fd
    this.#options = options
    const { messages, messageBytes } = options
    const payload = libc.allocate(messages * messageBytes)
    const headers = libc.allocate(messages * (MESSAGE_HEADER_BYTES + IOVEC_BYTES + ADDRESS_SLOT_BYTES))
    this.buffer = payload.buffer
    this.#headers = headers
    const iovecs = messages * MESSAGE_HEADER_BYTES
    const addresses = iovecs + messages * IOVEC_BYTES
    this.#addresses = headers.buffer.subarray(addresses)
    for (let index = 0; index < messages; index++) {
      const iovec = iovecs + index * IOVEC_BYTES
      headers.buffer.writeBigUInt64LE(payload.address + BigInt(index * messageBytes), iovec)
      headers.buffer.writeBigUInt64LE(BigInt(messageBytes), iovec + 8)
      const header = index * MESSAGE_HEADER_BYTES
      const address = addresses + index * ADDRESS_SLOT_BYTES
      headers.buffer.writeBigUInt64LE(headers.address + BigInt(address), header)
      headers.buffer.writeBigUInt64LE(headers.address + BigInt(iovec), header + 16)
      headers.buffer.writeBigUInt64LE(1n, header + 24)
    }
  }

  /** How many messages came; 0 when none did in time; OVERRUN. @throws NativeError for everything else */
  receive(timeoutMs: number): number {
    if (!this.#libc.waitReadable(this.#fd, timeoutMs)) return 0
    const { messages } = this.#options
    const headers = this.#headers.buffer
    for (let index = 0; index < messages; index++) {
      headers.writeUInt32LE(SOCKADDR_NL_BYTES, index * MESSAGE_HEADER_BYTES + 8)
    }
    try {
      return this.#libc.receiveMany(this.#fd, this.#headers.address, messages, MSG_DONTWAIT)
    } catch (error) {
      if (hasCode(error, "ENOBUFS")) return OVERRUN
      if (hasCode(error, "EAGAIN", "EINTR")) return 0
      throw error
    }
  }

  /** Where the message begins in `buffer`. */
  start(index: number): number {
    return index * this.#options.messageBytes
  }

  /** How many bytes of the message are in `buffer`. */
  length(index: number): number {
    return this.#headers.buffer.readUInt32LE(index * MESSAGE_HEADER_BYTES + 56)
  }

  /** The sender's netlink port: 0 is the kernel, whose messages alone can be trusted. */
  senderPid(index: number): number {
    return this.#addresses.readUInt32LE(index * ADDRESS_SLOT_BYTES + 4)
  }

  /** True when the message was longer than its room. */
  isTruncated(index: number): boolean {
    return (this.#headers.buffer.readUInt32LE(index * MESSAGE_HEADER_BYTES + 48) & MSG_TRUNC) !== 0
  }
}
