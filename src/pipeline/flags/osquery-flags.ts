/**
 * The flags of one run: osquery's defaults, and what was given over them; the last one given holds.
 * Source of truth: osquery osquery/core/flags.cpp, specs/utility/osquery_flags.table.
 */
import { nearestNames } from "../../base/nearest-names.ts"
import { findFlag, OSQUERY_FLAGS } from "./flag-table.ts"
import { readFlagValue } from "./flag-value.ts"

export type FlagOrigin = "command-line" | "flagfile" | "config"

export type FlagResult = { readonly ok: true } | { readonly ok: false; readonly message: string }

/** A row of the table osquery_flags. */
export interface FlagRow {
  readonly name: string
  readonly type: string
  readonly description: string
  readonly default_value: string
  readonly value: string
  readonly shell_only: 0 | 1
}

interface Given {
  readonly text: string
  readonly origin: FlagOrigin
}

export class OsqueryFlags {
  readonly #given = new Map<string, Given>()

  /** The value as text, as the osquery_flags table shows it. */
  get(name: string): string {
    const spec = findFlag(name)
    if (spec === undefined) throw new Error(`no flag of osquery: ${name}`)
    return this.#given.get(name)?.text ?? spec.defaultValue
  }

  bool(name: string): boolean {
    return this.get(name) === "true"
  }

  /** Numbers beyond 2^53 are cut to it: no flag means anything there. */
  int(name: string): number {
    const value = Number(this.get(name))
    return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, value))
  }

  text(name: string): string {
    return this.get(name)
  }

  /** Somebody has set it, to the default or to something else. */
  isGiven(name: string): boolean {
    return this.#given.has(name)
  }

  originOf(name: string): FlagOrigin | undefined {
    return this.#given.get(name)?.origin
  }

  /** @returns why it was not taken: an unknown name, a value of another type, a place it may not come from. */
  set(name: string, rawValue: string, origin: FlagOrigin): FlagResult {
    const spec = findFlag(name)
    if (spec === undefined) return refuse(`${name} is no flag of osquery that is known here${hint(name)}`)
    if (spec.isCliOnly && origin === "config") {
      return refuse(`${name} is taken from the command line and flag files only, not from a config`)
    }
    const value = readFlagValue(spec.type, rawValue)
    if (!value.ok) return refuse(`${name}=${rawValue}: expected ${value.expected}`)
    this.#given.set(name, { text: value.text, origin })
    return { ok: true }
  }

  /** In the order of their names. */
  rows(): FlagRow[] {
    const specs = OSQUERY_FLAGS.toSorted((a, b) => (a.name < b.name ? -1 : 1))
    return specs.map(({ name, type, description, defaultValue }) => {
      return { name, type, description, default_value: defaultValue, value: this.get(name), shell_only: 0 }
    })
  }
}

function refuse(message: string): FlagResult {
  return { ok: false, message }
}

function hint(name: string): string {
  const near = nearestNames(
    name,
    OSQUERY_FLAGS.map((spec) => spec.name),
  )
  return near.length === 0 ? "" : `; did you mean ${near.join(", ")}?`
}
