/**
 * powershell_events from 4104: a script block that was too long for one event is joined from its parts, by their
 * numbers, however they came. Blocks of several hosts and sources do not mix.
 * DEVIATION(osquery): script-order, script-without-path, script-prompt, script-incomplete: osquery joins parts as they
 * come, wants a Path, which Windows 7 does not write, skips prompts, and throws away what is incomplete after a minute.
 *
 * Source of truth: osquery powershell_events.cpp for the columns; the manifest of Microsoft-Windows-PowerShell.
 */
import { LIMITS } from "../../base/limits.ts"
import { POWERSHELL_EVENTS } from "../../schema/tables/powershell-events.ts"
import { SYS } from "./event-fields.ts"
import { FIELD } from "./field-names.ts"
import type { Origin, RowContext } from "./row-context.ts"

/** What a part costs beside its text. */
const PART_BYTES = 128

interface OpenScript {
  readonly id: string
  readonly origin: Origin
  readonly datetime: string
  readonly path: string
  readonly parts: Map<number, Buffer>
  total: number
  bytes: number
}

/** JSON: NaN is null there. */
export interface SavedScript {
  readonly key: string
  readonly id: string
  readonly host: string
  readonly sec: number | null
  readonly nsec: number
  readonly recordHigh: number | null
  readonly recordLow: number
  readonly sourceId: number
  readonly offset: number
  readonly length: number
  readonly datetime: string
  readonly path: string
  readonly total: number
  readonly parts: readonly (readonly [number: number, text: string])[]
}

export class ScriptRows {
  readonly #row: RowContext
  /** By host and id, oldest first. */
  readonly #open = new Map<string, OpenScript>()
  #openBytes = 0

  constructor(row: RowContext) {
    this.#row = row
  }

  write(): void {
    const row = this.#row
    const { fields } = row
    if (!row.wants(POWERSHELL_EVENTS) || !fields.find(FIELD.scriptBlockText)) return
    const number = row.valueOf(FIELD.messageNumber)
    const total = row.valueOf(FIELD.messageTotal)
    if (total > 1 && number >= 1) this.#collect(number, total)
    else this.#writeScript(this.#newScript(), this.#readText(FIELD.scriptBlockText))
  }

  /** No more parts come. */
  end(): void {
    for (const key of this.#open.keys()) this.#close(key)
  }

  /** Blocks whose parts are still to come. */
  saveState(): SavedScript[] {
    return [...this.#open].map(([key, { id, origin, datetime, path, parts, total }]) => {
      const texts = [...parts].map(([number, part]) => [number, part.toString("utf8")] as const)
      return { key, id, ...origin, datetime, path, total, parts: texts }
    })
  }

  restoreState(scripts: readonly SavedScript[]): void {
    for (const { key, id, datetime, path, total, parts, sec, recordHigh, ...rest } of scripts) {
      const origin = { ...rest, sec: sec ?? Number.NaN, recordHigh: recordHigh ?? Number.NaN }
      const buffers = new Map(parts.map(([number, text]) => [number, Buffer.from(text, "utf8")] as const))
      const bytes = [...buffers.values()].reduce((sum, part) => sum + part.length + PART_BYTES, 0)
      this.#open.set(key, { id, origin, datetime, path, parts: buffers, total, bytes })
      this.#openBytes += bytes
    }
  }

  #collect(number: number, total: number): void {
    const { fields } = this.#row
    const key = `${this.#row.host}\0${this.#readText(FIELD.scriptBlockId)}`
    let script = this.#open.get(key)
    if (script === undefined) {
      script = this.#newScript()
      this.#open.set(key, script)
    }
    script.total = total
    if (fields.find(FIELD.scriptBlockText) && !script.parts.has(number)) {
      const part = Buffer.from(fields.tape.bytes.subarray(fields.from, fields.to))
      script.parts.set(number, part)
      script.bytes += part.length + PART_BYTES
      this.#openBytes += part.length + PART_BYTES
    }
    if (script.parts.size >= script.total) this.#close(key)
    else this.#keepWithinLimits()
  }

  #keepWithinLimits(): void {
    for (const key of this.#open.keys()) {
      const isTooMuch =
        this.#openBytes > LIMITS.openScriptBytes.value || this.#open.size > LIMITS.openScripts.value
      if (!isTooMuch) return
      this.#close(key)
    }
  }

  #close(key: string): void {
    const script = this.#open.get(key)
    if (script === undefined) return
    this.#open.delete(key)
    this.#openBytes -= script.bytes
    const { parts, total } = script
    const inOrder = [...parts].sort(([a], [b]) => a - b).map(([, part]) => part)
    if (parts.size < total) {
      const message = `${parts.size} of the ${total} parts of a script block are there`
      this.#row.report("windows/incomplete-script", script.origin, message)
    }
    this.#writeScript(script, Buffer.concat(inOrder).toString("utf8"))
  }

  #newScript(): OpenScript {
    const row = this.#row
    const { host, sec, nsec, recordHigh, recordLow, sourceId, offset, length } = row
    return {
      id: this.#readText(FIELD.scriptBlockId),
      origin: { host, sec, nsec, recordHigh, recordLow, sourceId, offset, length },
      datetime: row.fields.findSystem(SYS.time)
        ? row.fields.tape.bytes.utf8Slice(row.fields.from, row.fields.to)
        : "",
      path: this.#readText(FIELD.path),
      parts: new Map(),
      total: 1,
      bytes: 0,
    }
  }

  #readText(name: number): string {
    const { fields } = this.#row
    return fields.find(name) ? fields.tape.bytes.utf8Slice(fields.from, fields.to) : ""
  }

  #writeScript({ origin, datetime, id, path, total }: OpenScript, text: string): void {
    const row = this.#row
    const { writer } = row
    writer.begin(POWERSHELL_EVENTS)
    row.int(origin.sec)
    writer.text(datetime)
    writer.text(id)
    row.int(total)
    writer.text(text)
    writer.text(path.slice(Math.max(path.lastIndexOf("\\"), path.lastIndexOf("/")) + 1))
    writer.text(path)
    writer.null() // cosine_similarity
    row.origin("script", origin)
    writer.end()
  }
}
