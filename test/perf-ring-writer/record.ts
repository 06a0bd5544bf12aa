/** Records of our BPF programs, byte for byte as src/formats/perf-ring/capture-record.ts lays them out. */
import { FIELD, FLAG, HEADER_BYTES, WIDE_HEADER_BYTES } from "../../src/formats/perf-ring/capture-record.ts"

export interface Made {
  readonly type: number
  /** Milliseconds of CLOCK_MONOTONIC. */
  readonly ms: number
  readonly pid: number
  readonly tid?: number
  readonly number: number
  readonly flags?: number
  readonly call?: number
  readonly a0?: number
  readonly a1?: number
  readonly a2?: number
  readonly comm?: string
  readonly uid?: number
  readonly cgroup?: bigint
  readonly data?: Buffer
  /** Makes the header wide. */
  readonly wide?: { readonly cpu: number; readonly parent: number; readonly loginUid?: number }
}

export function makeRecord(made: Made): Buffer {
  const { type, ms, pid, number, data = Buffer.alloc(0), wide } = made
  const header = Buffer.alloc(wide === undefined ? HEADER_BYTES : WIDE_HEADER_BYTES)
  header.writeUInt32LE(header.length + data.length, FIELD.length)
  header.writeUInt16LE(type, FIELD.type)
  header.writeUInt16LE((made.flags ?? 0) | (wide === undefined ? 0 : FLAG.wide), FIELD.flags)
  header.writeBigUInt64LE(BigInt(Math.round(ms * 1_000_000)), FIELD.time)
  header.writeUInt32LE(pid, FIELD.process)
  header.writeUInt32LE(made.tid ?? pid, FIELD.thread)
  header.writeUInt32LE(made.uid ?? 1000, FIELD.uid)
  header.writeUInt32LE(made.uid ?? 1000, FIELD.gid)
  header.writeBigUInt64LE(made.cgroup ?? 77n, FIELD.cgroup)
  header.writeInt32LE(made.call ?? -1, FIELD.call)
  header.writeUInt32LE(number, FIELD.number)
  header.writeBigInt64LE(BigInt(made.a0 ?? 0), FIELD.a0)
  header.writeBigInt64LE(BigInt(made.a1 ?? 0), FIELD.a1)
  header.writeBigInt64LE(BigInt(made.a2 ?? 0), FIELD.a2)
  header.write(made.comm ?? "sh", FIELD.comm, 15, "latin1")
  if (wide !== undefined) {
    header.writeUInt32LE(wide.cpu, FIELD.cpu)
    header.writeUInt32LE(wide.parent, FIELD.parent)
    header.writeUInt32LE(wide.loginUid ?? 1000, FIELD.loginUid)
    header.writeUInt32LE(3, FIELD.session)
  }
  return Buffer.concat([header, data])
}

/** Texts with a NUL behind each. */
export function texts(...all: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(all.flatMap((text) => [Buffer.from(text), Buffer.alloc(1)]))
}

/** sockaddr_in. */
export function ipv4(address: string, port: number): Buffer {
  const bytes = Buffer.alloc(16)
  bytes.writeUInt16LE(2)
  bytes.writeUInt16BE(port, 2)
  address.split(".").forEach((part, index) => {
    bytes[4 + index] = Number(part)
  })
  return bytes
}

/** sockaddr_un; a name that begins with `@` is abstract. */
export function unixAddress(path: string): Buffer {
  const head = Buffer.alloc(2)
  head.writeUInt16LE(1)
  if (path.startsWith("@")) return Buffer.concat([head, Buffer.alloc(1), Buffer.from(path.slice(1))])
  return Buffer.concat([head, texts(path)])
}

/** The bytes of a sock-exit record that tells both ends. */
export function ends(family: number, type: number, protocol: number, local: Buffer, remote: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt16LE(family, 0)
  head.writeUInt16LE(type, 2)
  head.writeUInt16LE(protocol, 4)
  head[6] = local.length
  head[7] = remote.length
  return Buffer.concat([head, local, remote])
}
