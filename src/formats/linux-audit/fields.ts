/**
 * The fields of a record, by name and raw value, in the order and the form in which libauparse gives them.
 * Source of truth: audit-userspace auparse/ellist.c (parse_up_record); kernel/audit.c, kernel/auditsc.c.
 *
 *   arch=c000003e syscall=59 success=yes comm="id" key=7761746368016578
 *   pid=7 uid=0 msg='op=PAM:setcred acct="alice" : exe="/usr/sbin/cron" (hostname=?, res=success)'
 *   avc:  denied  { read write } for  pid=7 comm="cat"
 */
import { enrichFields, findEnrichedTail } from "./enriched-tail.ts"
import { decodeHex, encodeUntrusted } from "./interpret/encoded.ts"
import { quickText } from "./interpret/quick-text.ts"
import type { AuditRecord } from "./record.ts"

const SPACE = 0x20
const EQUALS = 0x3d
const QUOTE = 0x22
/** The longest text of the kernel with spaces in quotes is AppArmor's `info`, below 100 bytes. */
const LONGEST_QUOTED_REST = 256
const KEY_SEPARATOR = "\x01"
const AVC = 1400
const USER_AVC = 1107

export class Field {
  readonly name: string
  /** As it stands in the record, in the text form of base/text.ts; a value of several words is cut as libauparse cuts it. */
  readonly raw: string
  /** Where the value begins in the text form of the body. */
  readonly at: number
  /** What the enriched tail says about it, still encoded; undefined when it says nothing. */
  enriched: string | undefined = undefined

  constructor(name: string, raw: string, at: number) {
    this.name = name
    this.raw = raw
    this.at = at
  }
}

export interface SplitBody {
  readonly fields: Field[]
  /** The body in text form, with the enriched tail. */
  readonly text: string
  /** The bytes are the text: an index into it is an offset from the start of the body. */
  readonly isPlain: boolean
  /** Index of a `msg='` that is never closed, -1 when there is none. */
  readonly openQuoteAt: number
}

/** All fields of a record's body; `type` and `node` are the header's and not among them. Never throws. */
export function splitFields(record: AuditRecord): Field[] {
  return splitBody(record).fields
}

/** The fields together with the text they were found in. */
export function splitBody(record: AuditRecord): SplitBody {
  const { buffer, start, end, type } = record
  const text = quickText(buffer, start, end)
  const bounds = findEnrichedTail(text)
  const splitter = new Splitter(text, bounds.bodyEnd, type === AVC || type === USER_AVC)
  splitter.run()
  if (bounds.tailStart < text.length) enrichFields(splitter.fields, text.slice(bounds.tailStart))
  return {
    fields: splitter.fields,
    text,
    isPlain: text.length === end - start,
    openQuoteAt: splitter.openQuoteAt,
  }
}

class Splitter {
  readonly fields: Field[] = []
  openQuoteAt = -1
  readonly #text: string
  readonly #end: number
  readonly #isAvc: boolean
  #at = 0

  constructor(text: string, end: number, isAvc: boolean) {
    this.#text = text
    this.#end = end
    this.#isAvc = isAvc
  }

  /** One word after another; a word without `=` means something only in an AVC. */
  run(): void {
    const text = this.#text
    const end = this.#end
    while (this.#at < end) {
      let at = this.#at
      while (at < end && text.charCodeAt(at) === SPACE) at++
      const start = at
      let equals = -1
      for (; at < end; at++) {
        const code = text.charCodeAt(at)
        if (code === SPACE) break
        if (code === EQUALS) {
          equals = at
          at = this.#wordEnd(at)
          break
        }
      }
      this.#at = at
      if (equals >= 0) this.#addWord(start, equals, at)
      else if (this.#isAvc && at > start) this.#addDecision(start, at)
    }
  }

  #wordEnd(from: number): number {
    const space = this.#text.indexOf(" ", from)
    return space < 0 || space > this.#end ? this.#end : space
  }

  /** `name=value`, perhaps within `msg='`; nothing after the `=` is no field. */
  #addWord(wordStart: number, firstEquals: number, end: number): void {
    const text = this.#text
    let start = wordStart
    let equals = firstEquals
    if (equals === start + 3 && text.startsWith("msg=", start)) {
      if (text.charCodeAt(start + 4) === 0x27) {
        this.#noteQuote(start + 4)
        start += 5
        equals = text.indexOf("=", start)
        if (equals < 0 || equals >= end) return
      } else if (text.startsWith("audit(", start + 4)) return
    }
    if (text.charCodeAt(start) === 0x28) start++
    if (equals + 1 === end) return
    const lastEnd = text.charCodeAt(equals + 1) === QUOTE ? this.#quoteEnd(equals + 1, end) : end
    const valueEnd = trimPunctuation(text, equals + 1, lastEnd)
    const value = text.slice(equals + 1, valueEnd)
    if (equals === start + 3 && text.startsWith("key", start)) this.#addKey(value, equals + 1)
    else this.fields.push(new Field(text.slice(start, equals), value, equals + 1))
  }

  /**
   * End of a quoted value: the kernel's own texts hold spaces (`reason="memory violation"`), which libauparse
   * takes for the end. Only words that it drops are added, so that the other fields stay the same.
   */
  #quoteEnd(start: number, wordEnd: number): number {
    const text = this.#text
    const limit = Math.min(this.#end, wordEnd + LONGEST_QUOTED_REST)
    for (let at = start + 1; at < limit; at++) {
      const code = text.charCodeAt(at)
      if (code === QUOTE) {
        if (at < wordEnd) return wordEnd
        this.#at = this.#wordEnd(at)
        return this.#at
      }
      if (code === EQUALS && at > wordEnd) return wordEnd
    }
    return wordEnd
  }

  /** A rule key: several are one hex value with separators; each becomes a field of its own, encoded anew. */
  #addKey(value: string, at: number): void {
    const first = value.charCodeAt(0)
    const bytes = first === 0x22 || first === 0x28 ? undefined : decodeHex(value)
    if (bytes === undefined || bytes.length === 0) {
      this.fields.push(new Field("key", value, at))
      return
    }
    for (const key of quickText(bytes, 0, bytes.length).split(KEY_SEPARATOR)) {
      if (key !== "") this.fields.push(new Field("key", encodeUntrusted(key), at))
    }
  }

  /** `denied` and `{ read write }` of an SELinux record, which have no names of their own. */
  #addDecision(start: number, end: number): void {
    const text = this.#text
    if (this.fields.length === 0) {
      if (!text.startsWith("avc", start))
        this.fields.push(new Field("seresult", text.slice(start, end), start))
      return
    }
    if (this.fields.length !== 1 || text.charCodeAt(start) !== 0x7b) return
    let close = text.indexOf("}", end)
    if (close < 0 || close > this.#end) close = this.#end
    const permissions = text
      .slice(end, close)
      .split(" ")
      .filter((word) => word !== "")
    this.fields.push(new Field("seperms", permissions.join(","), end + 1))
    this.#at = this.#wordEnd(close)
  }

  #noteQuote(at: number): void {
    if (this.#text.lastIndexOf("'", this.#end - 1) <= at) this.openQuoteAt = at
  }
}

/** Old user-space records write sentences: one each of `:` `,` `'` `)` at the end is not the value's. */
function trimPunctuation(text: string, start: number, end: number): number {
  let at = end
  if (at > start && text.charCodeAt(at - 1) === 0x3a) at--
  if (at > start && text.charCodeAt(at - 1) === 0x2c) at--
  if (at > start && text.charCodeAt(at - 1) === 0x27) at--
  if (at > start && text.charCodeAt(at - 1) === 0x29 && !isParenthesized(text, start, at)) at--
  return at
}

/** `(none)` and `(null)` are values. */
function isParenthesized(text: string, start: number, end: number): boolean {
  return end - start === 6 && (text.startsWith("(none)", start) || text.startsWith("(null)", start))
}
