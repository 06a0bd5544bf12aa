/** The compiled BPF programs as they are loaded. Source: native/bpf/capture.bpf.c, through native/bpf/build.ts. */
import { inflateRawSync } from "node:zlib"
import { PACKED } from "./programs.gen.ts"

export interface BpfMap {
  readonly name: string
  readonly type: number
  readonly keyBytes: number
  readonly valueBytes: number
  /** 0: decided when it is made. */
  readonly entries: number
}

export interface BpfProgram {
  /** `SYSTEM/NAME`, all with this code. */
  readonly tracepoints: readonly string[]
  /** In instructions. */
  readonly first: number
  readonly count: number
  /** Which instructions take the address of a map. */
  readonly references: readonly (readonly [instruction: number, map: string])[]
}

export interface BpfObject {
  readonly maps: readonly BpfMap[]
  readonly programs: readonly BpfProgram[]
  /** Instructions of all programs, 8 bytes each. */
  readonly code: Buffer
}

/** The same with its code packed (raw deflate, base64). */
export interface PackedObject extends Omit<BpfObject, "code"> {
  readonly code: string
}

/** `ringbuf` needs Linux 5.8, `perf` 4.18. */
export type Transport = "ringbuf" | "perf"

export function unpackObject(transport: Transport): BpfObject {
  const packed = PACKED[transport]
  return { ...packed, code: inflateRawSync(Buffer.from(packed.code, "base64")) }
}
