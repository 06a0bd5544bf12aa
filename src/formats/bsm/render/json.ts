/**
 * The tokens of a record as a JSON array, every field under its name: docs/bsm.md.
 *
 *   [{"token":"header32","size":112,…},{"token":"path","path":"/bin/ls"},…,{"token":"trailer","magic":45317,"count":112}]
 *
 * Fields and their order are those of layout.ts; bytes that no token could be read from stand as `raw` in their place.
 */
import type { GrowingBytes } from "../../../base/growing-bytes.ts"
import { type FieldType, LAYOUT_BY_ID, TOKEN } from "../layout.ts"
import type { BsmRecord } from "../record.ts"
import type { BsmPlatform } from "../tables/events.ts"
import { errnoName } from "../tables/names.ts"
import { readU16, readU32 } from "../tokens/integers.ts"
import { swapPort } from "../tokens/socket.ts"
import { putField } from "./json-fields.ts"
import { putAscii, putByte, putHex, putInteger, putPiece } from "./json-writer.ts"

const COMMA = 0x2c
const OPEN = 0x5b
const CLOSE = 0x5d
const BRACE = 0x7d
const QUOTE = 0x22
const RAW = Buffer.from('{"token":"raw","why":"')
const RAW_HEX = Buffer.from('","hex":')
const ERROR = Buffer.from(',"error":"')
const PORT_STORED = Buffer.from(',"port_stored":')

interface JsonField {
  readonly type: FieldType
  readonly key: Buffer
  /** Its value is the width of the addresses behind it. */
  readonly isAddressType: boolean
  readonly isPort: boolean
}

interface JsonToken {
  readonly head: Buffer
  readonly fields: readonly JsonField[]
}

const TOKENS: readonly (JsonToken | undefined)[] = LAYOUT_BY_ID.map((layout) => {
  if (layout === undefined) return undefined
  const fields = layout.fields.map(({ name, type }) => ({
    type,
    key: Buffer.from(`,"${keyOf(name, type)}":`),
    isAddressType: (type === "u16" || type === "u32") && name.endsWith("type"),
    isPort: name === "port",
  }))
  return { head: Buffer.from(`{"token":"${layout.name}"`), fields }
})

/** Appends the tokens of `record`, without a line end. */
export function renderTokensJson(record: BsmRecord, platform: BsmPlatform, out: GrowingBytes): void {
  const rawAt = record.rawFrom < 0 ? -1 : record.hasTrailer ? record.count - 1 : record.count
  putByte(out, OPEN)
  for (let token = 0; token < record.count; token++) {
    if (token > 0) putByte(out, COMMA)
    if (token === rawAt) {
      putRaw(record, out)
      putByte(out, COMMA)
    }
    putToken(record, token, platform, out)
  }
  if (rawAt === record.count) {
    if (rawAt > 0) putByte(out, COMMA)
    putRaw(record, out)
  }
  putByte(out, CLOSE)
}

function putRaw(record: BsmRecord, out: GrowingBytes): void {
  putPiece(out, RAW)
  putAscii(out, record.failure)
  putPiece(out, RAW_HEX)
  putHex(out, record.bytes, record.rawFrom, record.rawTo)
  putByte(out, BRACE)
}

function putToken(record: BsmRecord, token: number, platform: BsmPlatform, out: GrowingBytes): void {
  const { bytes } = record
  const id = record.id(token)
  const shape = TOKENS[id]
  if (shape === undefined) return
  const from = record.from(token)
  const to = record.to(token)
  putPiece(out, shape.head)
  const isSwapped = id === TOKEN.sockinet128 && platform === "macos"
  let width = 0
  let at = from
  for (const { type, key, isAddressType, isPort } of shape.fields) {
    putPiece(out, key)
    if (isAddressType) width = type === "u16" ? readU16(bytes, at) : readU32(bytes, at)
    if (isPort && isSwapped) {
      putInteger(out, swapPort(readU16(bytes, at)))
      at += 2
    } else at = putField(bytes, type, at, to, width, out)
  }
  if (id === TOKEN.return32 || id === TOKEN.return64) putError(bytes[from] as number, out)
  else if (isSwapped) putStoredPort(bytes, from, out)
  putByte(out, BRACE)
}

/** The name of a failed call's error, which is a number of BSM and none of the system's. */
function putError(status: number, out: GrowingBytes): void {
  const name = status === 0 ? undefined : errnoName(status)
  if (name === undefined) return
  putPiece(out, ERROR)
  putAscii(out, name)
  putByte(out, QUOTE)
}

/** macOS stores the two bytes of the port the wrong way round; `port` has them right. */
function putStoredPort(bytes: Buffer, from: number, out: GrowingBytes): void {
  putPiece(out, PORT_STORED)
  putInteger(out, readU16(bytes, from + 2))
}

function keyOf(name: string, type: FieldType): string {
  if (type === "strings") return "count"
  return type === "units" ? "print" : name
}
