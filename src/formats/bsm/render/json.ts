/**
 * The tokens of a record as a JSON array, every field under its name: docs/bsm.md.
 *
 *   [{"token":"header32","size":112,…},{"token":"path","path":"/bin/ls"},…,{"token":"trailer","magic":45317,"count":112}]
 *
 * Each token is written by its plan (json-plan.ts); bytes that no token could be read from stand as `raw` in their place.
 */
import { writeInteger } from "../../../base/decimal.ts"
import { copyWords, type GrowingBytes } from "../../../base/growing-bytes.ts"
import { WIDEST_JSON_BYTE } from "../../../base/json-string.ts"
import { putAscii, putByte, putHex, putInteger64, putPiece } from "../../../base/json-writer.ts"
import { TOKEN } from "../layout.ts"
import type { BsmRecord } from "../record.ts"
import type { BsmPlatform } from "../tables/events.ts"
import { readU16, readU32 } from "../tokens/integers.ts"
import { swapPort } from "../tokens/socket.ts"
import { ErrorNames } from "./error-names.ts"
import { putField } from "./json-fields.ts"
import { CONSTANTS, FIELD_TYPES, PLANS, PRINT, STRIDE, SWAPPED_SOCKET, type TokenPlan } from "./json-plan.ts"
import { RECURS, RecentTokens } from "./recent-tokens.ts"

const COMMA = 0x2c
const OPEN = 0x5b
const CLOSE = 0x5d
const RAW = Buffer.from(',{"token":"raw","why":"')
const RAW_HEX = Buffer.from('","hex":')
const RAW_END = 0x7d

export class TokensJson {
  readonly #errors = new ErrorNames()
  readonly #recent = new RecentTokens()

  /** Appends the tokens of `record`, without a line end. */
  render(record: BsmRecord, platform: BsmPlatform, out: GrowingBytes): void {
    const { count, bytes } = record
    const rawAt = record.rawFrom < 0 ? -1 : record.hasTrailer ? count - 1 : count
    const start = out.used
    for (let token = 0; token < count; token++) {
      if (token === rawAt) putRaw(record, out)
      const id = record.id(token)
      const plan = id === TOKEN.sockinet128 && platform === "macos" ? SWAPPED_SOCKET : PLANS[id]
      if (plan === undefined) continue
      if (RECURS[id] === 1) this.#putRecurring(plan, bytes, record.from(token), record.to(token), out)
      else this.#putToken(plan, bytes, record.from(token), record.to(token), out)
    }
    if (rawAt === count) putRaw(record, out)
    if (out.used === start) putByte(out, COMMA)
    // In place of the comma that every token begins with.
    out.bytes[start] = OPEN
    putByte(out, CLOSE)
  }

  #putRecurring(plan: TokenPlan, bytes: Buffer, from: number, to: number, out: GrowingBytes): void {
    const recent = this.#recent
    // The id is part of what is compared.
    const start = from - 1
    const slot = recent.slotOf(bytes, start, to)
    if (slot >= 0 && recent.put(slot, bytes, start, to, out)) return
    const { used } = out
    this.#putToken(plan, bytes, from, to, out)
    if (slot >= 0) recent.keep(slot, bytes, start, to, out, used)
  }

  /** Appends the token `bytes[from, to)`, a comma before it. */
  #putToken({ steps, room }: TokenPlan, bytes: Buffer, from: number, to: number, out: GrowingBytes): void {
    out.reserve(room + (to - from) * WIDEST_JSON_BYTE)
    let { view, used } = out
    let width = 0
    let at = from
    for (let step = 0; step < steps.length; step += STRIDE) {
      const length = steps[step + 1] as number
      copyWords(CONSTANTS, steps[step] as number, view, used, length)
      used += length
      const kind = steps[step + 2] as number
      if (kind === PRINT.u32) {
        used = writeInteger(view, used, readU32(bytes, at))
        at += 4
      } else if (kind === PRINT.u16) {
        used = writeInteger(view, used, readU16(bytes, at))
        at += 2
      } else if (kind === PRINT.u8) {
        used = writeInteger(view, used, bytes[at] as number)
        at += 1
      } else if (kind === PRINT.width16) {
        width = readU16(bytes, at)
        used = writeInteger(view, used, width)
        at += 2
      } else if (kind === PRINT.width32) {
        width = readU32(bytes, at)
        used = writeInteger(view, used, width)
        at += 4
      } else if (kind !== PRINT.end) {
        out.used = used
        at = this.#putValue(kind, bytes, at, from, to, width, out)
        used = out.used
        view = out.view
      }
    }
    out.used = used
  }

  /** Appends what is no small number and returns the end of its field. */
  #putValue(
    kind: number,
    bytes: Buffer,
    at: number,
    from: number,
    to: number,
    width: number,
    out: GrowingBytes,
  ): number {
    switch (kind) {
      case PRINT.u64:
        putInteger64(out, readU32(bytes, at), readU32(bytes, at + 4))
        return at + 8
      case PRINT.swappedPort:
        out.used = writeInteger(out.view, out.used, swapPort(readU16(bytes, at)))
        return at + 2
      case PRINT.storedPort:
        out.used = writeInteger(out.view, out.used, readU16(bytes, from + 2))
        return at
      case PRINT.error:
        out.used = this.#errors.textOf(bytes[from] as number).copy(out.view, out.used)
        return at
      default:
        return putField(bytes, FIELD_TYPES[kind - PRINT.field] ?? "units", at, to, width, out)
    }
  }
}

function putRaw(record: BsmRecord, out: GrowingBytes): void {
  putPiece(out, RAW)
  putAscii(out, record.failure)
  putPiece(out, RAW_HEX)
  putHex(out, record.bytes, record.rawFrom, record.rawTo)
  putByte(out, RAW_END)
}
