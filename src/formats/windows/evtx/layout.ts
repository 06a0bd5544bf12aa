/**
 * Sizes and places in an EVTX file: a header block, then chunks of 64 KiB with records of BinXML.
 *
 *   ElfFile\0 … 4096 | ElfChnk\0 … 512 | 2a 2a 00 00 size id written BinXML size | …
 *
 * Little endian; what lies in a chunk is addressed from the chunk's first byte.
 * Source of truth: libyal's "Windows XML Event Log (EVTX)", [MS-EVEN6] 2.2.12 to 2.2.17.
 */

export const FILE_MAGIC = Buffer.from("ElfFile\0", "latin1")
export const CHUNK_MAGIC = Buffer.from("ElfChnk\0", "latin1")

export const FILE = {
  bytes: 4096,
  used: 128,
  minorAt: 36,
  majorAt: 38,
  blockAt: 40,
  flagsAt: 120,
  crcAt: 124,
} as const
export const FILE_FLAG = { dirty: 1, full: 2, noCrc: 4 } as const

export const CHUNK = {
  bytes: 65_536,
  freeAt: 48,
  dataCrcAt: 52,
  flagsAt: 120,
  headerCrcAt: 124,
  bucketsAt: 128,
  recordsAt: 512,
} as const
export const CHUNK_FLAG_NO_CRC = 4

/** `2a 2a 00 00` */
export const RECORD_MAGIC = 0x2a2a
export const RECORD = { idAt: 8, writtenAt: 16, binXmlAt: 24, leastBytes: 28, align: 8 } as const

/** Before the characters of a name: next name, hash, count; behind them a NUL. */
export const NAME_HEADER_BYTES = 8
/** Before the BinXML of a template definition: next definition, GUID, size. */
export const DEFINITION_HEADER_BYTES = 24

export const TOKEN = {
  end: 0x00,
  open: 0x01,
  closeStart: 0x02,
  closeEmpty: 0x03,
  endElement: 0x04,
  value: 0x05,
  attribute: 0x06,
  cdata: 0x07,
  charRef: 0x08,
  entityRef: 0x09,
  piTarget: 0x0a,
  piData: 0x0b,
  instance: 0x0c,
  normal: 0x0d,
  optional: 0x0e,
  fragment: 0x0f,
} as const
/** Set in a token when more of the kind follows. */
export const MORE = 0x40

export const TYPE = {
  null: 0x00,
  string: 0x01,
  ansi: 0x02,
  int8: 0x03,
  uint8: 0x04,
  int16: 0x05,
  uint16: 0x06,
  int32: 0x07,
  uint32: 0x08,
  int64: 0x09,
  uint64: 0x0a,
  real32: 0x0b,
  real64: 0x0c,
  bool: 0x0d,
  binary: 0x0e,
  guid: 0x0f,
  size: 0x10,
  fileTime: 0x11,
  systemTime: 0x12,
  sid: 0x13,
  hex32: 0x14,
  hex64: 0x15,
  binXml: 0x21,
  array: 0x80,
} as const

/** 100 ns since 1601 as Unix ms. */
export function unixMsOf(fileTime: bigint): number {
  return Number(fileTime / 10_000n) - 11_644_473_600_000
}
