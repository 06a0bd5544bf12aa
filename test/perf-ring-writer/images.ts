/** The images of rings, as the kernel leaves them in memory. */

const PAGE = 4096

/** A sample with nothing but a raw payload. */
export function perfSample(payload: Buffer): Buffer {
  const rawBytes = ((payload.length + 4 + 7) & ~7) - 4
  const record = Buffer.alloc(8 + 4 + rawBytes)
  record.writeUInt32LE(9)
  record.writeUInt16LE(1, 4)
  record.writeUInt16LE(record.length, 6)
  record.writeUInt32LE(rawBytes, 8)
  payload.copy(record, 12)
  return record
}

export function perfLost(count: number): Buffer {
  const record = Buffer.alloc(24)
  record.writeUInt32LE(2)
  record.writeUInt16LE(24, 6)
  record.writeBigUInt64LE(BigInt(count), 16)
  return record
}

/** @param tail bytes that were read before: the data then begins there, and may wrap */
export function perfImage(records: readonly Buffer[], tail = 0, size = PAGE): Buffer {
  const data = Buffer.concat([...records])
  const image = Buffer.alloc(PAGE + size)
  image.writeBigUInt64LE(BigInt(tail + data.length), 1024)
  image.writeBigUInt64LE(BigInt(tail), 1032)
  image.writeBigUInt64LE(BigInt(PAGE), 1040)
  image.writeBigUInt64LE(BigInt(size), 1048)
  for (let at = 0; at < data.length; at++) image[PAGE + ((tail + at) % size)] = data[at] as number
  return image
}

export interface Written {
  readonly payload: Buffer
  readonly isDiscarded?: boolean
  readonly isBusy?: boolean
}

export function bpfImage(written: readonly Written[], size = PAGE): Buffer {
  const image = Buffer.alloc(PAGE + size)
  let at = 0
  for (const { payload, isDiscarded = false, isBusy = false } of written) {
    const flags = (isBusy ? 0x8000_0000 : 0) + (isDiscarded ? 0x4000_0000 : 0)
    image.writeUInt32LE(flags + payload.length, PAGE + at)
    image.writeUInt32LE(2, PAGE + at + 4)
    payload.copy(image, PAGE + at + 8)
    at += (8 + payload.length + 7) & ~7
  }
  image.writeBigUInt64LE(BigInt(at))
  return image
}

export function consumerPage(position: number): Buffer {
  const page = Buffer.alloc(PAGE)
  page.writeBigUInt64LE(BigInt(position))
  return page
}

/** The file beside the rings. */
export function sideFile(kind: string, lost: number): Buffer {
  const facts = {
    kind,
    clock: "CLOCK_MONOTONIC",
    monotonic_ns: "1000000000",
    realtime_ns: "1700000000000000000",
    bpf_stats: { lost },
  }
  return Buffer.from(`${JSON.stringify(facts)}\n`)
}
