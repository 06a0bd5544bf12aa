/**
 * A record as praudit(1) prints it: a token a line, a record a line, with names, numbers or as XML. Where praudit goes
 * wrong (docs/bsm-praudit.md lists it) this does not: XML that parses, every token, damage that costs no record.
 *
 *   header,86,11,execve(2),0,Tue Nov 14 22:13:32 2023, + 740 msec
 *   text,header variant
 *   trailer,86
 */
import type { GrowingBytes } from "../../../../base/growing-bytes.ts"
import { TOKEN } from "../../layout.ts"
import type { BsmRecord } from "../../record.ts"
import type { BsmPlatform } from "../../tables/events.ts"
import { RECURS, RecentTokens } from "../recent-tokens.ts"
import { compileForms, type TokenProgram } from "./compile-forms.ts"
import { FieldContext } from "./field-context.ts"
import type { PrauditOptions } from "./options.ts"
import { put, putHexBytes, putUnsigned } from "./put-numbers.ts"

const LINE_END = Buffer.from("\n")
const NOTHING = Buffer.alloc(0)
const RECORD_OPEN = Buffer.from("<record>")
const RECORD_END = Buffer.from("</record>")
const UNKNOWN = Buffer.from("unknown")
const UNKNOWN_OPEN = Buffer.from('<unknown token="0x')
const UNKNOWN_CONTENT = Buffer.from('">')
const UNKNOWN_CLOSE = Buffer.from("</unknown>")
const HEX = Buffer.from("0x")

export class PrauditRenderer {
  readonly #context: FieldContext
  readonly #programs: readonly (TokenProgram | undefined)[]
  readonly #recent = new RecentTokens()
  readonly #tokenEnd: Buffer
  readonly #recordEnd: Buffer

  constructor(options: PrauditOptions) {
    this.#context = new FieldContext(options)
    this.#programs = compileForms(options)
    const { isOneLine, isXml } = options
    const behindToken = isXml ? NOTHING : this.#context.delimiter
    this.#tokenEnd = isOneLine ? behindToken : LINE_END
    this.#recordEnd = isOneLine ? LINE_END : NOTHING
  }

  /** Appends the record with the ends of its lines. */
  render(record: BsmRecord, platform: BsmPlatform, out: GrowingBytes): void {
    const context = this.#context
    context.out = out
    context.bytes = record.bytes
    context.platform = platform
    const { count } = record
    const hasTrailer = count > 1 && record.id(count - 1) === TOKEN.trailer
    const last = hasTrailer ? count - 1 : count
    const isElement = context.isXml && record.kind === "record"
    if (isElement && (last === 0 || !isHeader(record.id(0)))) this.#line(RECORD_OPEN)
    for (let token = 0; token < last; token++) {
      if (isElement && token > 0 && isFrame(record.id(token)))
        this.#unknown(record.bytes, record.from(token) - 1, record.to(token))
      else this.#token(record, token)
    }
    if (record.rawTo > record.rawFrom) this.#unknown(record.bytes, record.rawFrom, record.rawTo)
    if (hasTrailer) this.#token(record, last)
    else if (isElement) this.#line(RECORD_END)
    put(out, this.#recordEnd)
  }

  #line(text: Buffer): void {
    put(this.#context.out, text)
    put(this.#context.out, this.#tokenEnd)
  }

  #token(record: BsmRecord, token: number): void {
    const id = record.id(token)
    const program = this.#programs[id]
    if (program === undefined) return
    if (RECURS[id] === 1) this.#recurring(program, record.from(token), record.to(token))
    else this.#print(program, record.from(token), record.to(token))
  }

  #recurring(program: TokenProgram, from: number, to: number): void {
    const { out, bytes } = this.#context
    // The id is part of what is compared.
    const start = from - 1
    const slot = this.#recent.slotOf(bytes, start, to)
    if (slot >= 0 && this.#recent.put(slot, bytes, start, to, out)) return
    const { used } = out
    this.#print(program, from, to)
    if (slot >= 0) this.#recent.keep(slot, bytes, start, to, out, used)
  }

  #print(program: TokenProgram, from: number, to: number): void {
    const context = this.#context
    const { out } = context
    context.to = to
    put(out, program.head)
    let at = from
    for (const step of program.steps) {
      put(out, step.open)
      at = step.write(context, at)
      put(out, step.close)
    }
    put(out, program.tail)
    put(out, this.#tokenEnd)
  }

  /** Bytes that are no token, or none here: what stands behind the id byte, as libbsm takes it. */
  #unknown(bytes: Buffer, from: number, to: number): void {
    const { out, isXml, isRaw, delimiter } = this.#context
    if (isXml) {
      put(out, UNKNOWN_OPEN)
      putHexBytes(out, bytes, from, from + 1)
      put(out, UNKNOWN_CONTENT)
    } else {
      if (isRaw) putUnsigned(out, bytes[from] as number)
      else put(out, UNKNOWN)
      put(out, delimiter)
    }
    if (to > from + 1) put(out, HEX)
    putHexBytes(out, bytes, from + 1, to)
    if (isXml) put(out, UNKNOWN_CLOSE)
    put(out, this.#tokenEnd)
  }
}

function isHeader(id: number): boolean {
  return id === TOKEN.header32 || id === TOKEN.header32Ex || id === TOKEN.header64 || id === TOKEN.header64Ex
}

/** What begins and ends the element of a record; within one it would break the document. */
function isFrame(id: number): boolean {
  return id === TOKEN.trailer || isHeader(id)
}
