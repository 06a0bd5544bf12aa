/**
 * Makes every kind of socket call that osquery's flags tell apart, through the C library, so that each happens exactly
 * as named: `node socket-calls.ts FOLDER`. Prints what the kernel answered.
 * Source of truth: socket(2), bind(2), connect(2), accept(2), fcntl(2), ip(7), unix(7).
 */
import { join } from "node:path"
import koffi from "koffi"

const AF_UNIX = 1
const AF_INET = 2
const STREAM = 1
const NONBLOCK = 0o4000
const LOOPBACK = 0x7f000001

const library = koffi.load(null)
const socket = library.func("int socket(int, int, int)")
const bindCall = library.func("int bind(int, void *, uint32_t)")
const connectCall = library.func("int connect(int, void *, uint32_t)")
const acceptCall = library.func("int accept(int, void *, void *)")
const listen = library.func("int listen(int, int)")
const getsockname = library.func("int getsockname(int, void *, void *)")

const answers: [string, number][] = []

function note(call: string, result: number): void {
  answers.push([call, result < 0 ? -koffi.errno() : 0])
}

const open = (family: number, flags = 0): number => socket(family, STREAM | flags, 0)

function bind(fd: number, address: Buffer): void {
  note("bind", bindCall(fd, address, address.length))
}

function connect(fd: number, address: Buffer): void {
  note("connect", connectCall(fd, address, address.length))
}

function accept(fd: number): void {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(128)
  note("accept", acceptCall(fd, Buffer.alloc(128), length))
}

function inet(port: number): Buffer {
  const address = Buffer.alloc(16)
  address.writeUInt16LE(AF_INET, 0)
  address.writeUInt16BE(port, 2)
  address.writeUInt32BE(LOOPBACK, 4)
  return address
}

function unix(path: string): Buffer {
  const family = Buffer.alloc(2)
  family.writeUInt16LE(AF_UNIX)
  return Buffer.concat([family, Buffer.from(`${path}\0`)])
}

/** The address that the kernel has chosen. */
function nameOf(fd: number): Buffer {
  const address = Buffer.alloc(16)
  const length = Buffer.alloc(4)
  length.writeUInt32LE(16)
  getsockname(fd, address, length)
  return address
}

/** A listener with room for so many clients beside the first. */
function listener(family: number, address: Buffer, room: number, flags = 0): number {
  const fd = open(family, flags)
  bind(fd, address)
  listen(fd, room)
  return fd
}

const server = listener(AF_INET, inet(0), 8, NONBLOCK)
accept(server)
connect(open(AF_INET), nameOf(server))
accept(server)
bind(open(AF_INET), nameOf(server))

const silent = open(AF_INET)
bind(silent, inet(0))
connect(open(AF_INET), nameOf(silent))

// The second client finds no room: its first packet is dropped, and the call does not wait for an answer.
const full = listener(AF_INET, inet(0), 0)
connect(open(AF_INET), nameOf(full))
connect(open(AF_INET, NONBLOCK), nameOf(full))

const path = join(process.argv[2] ?? ".", "calls.sock")
const local = listener(AF_UNIX, unix(path), 8)
connect(open(AF_UNIX), unix(path))
accept(local)
connect(open(AF_UNIX), unix(`${path}.none`))

process.stdout.write(JSON.stringify({ pid: process.pid, answers }))
