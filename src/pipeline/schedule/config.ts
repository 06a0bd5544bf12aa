/**
 * osquery's config: `schedule`, `packs`, `options`, `decorators`, `events`; other keys are left alone.
 * Source of truth: osquery osquery/config/config.cpp, plugins/config/parsers/{options,decorators}.cpp,
 * plugins/config/filesystem_config.cpp.
 */
import { stripComments } from "./config-comments.ts"
import { isObject, type JsonObject, member, numberOf, textsOf } from "./config-value.ts"
import { type Pack, type PackRules, readPack, readSchedule, type ScheduledQuery, type Warn } from "./pack.ts"

export type { Pack, ScheduledQuery } from "./pack.ts"

export interface Decorators {
  readonly load: readonly string[]
  readonly always: readonly string[]
  readonly interval: readonly { readonly everyS: number; readonly queries: readonly string[] }[]
}

export interface OsqueryConfig {
  readonly schedule: readonly ScheduledQuery[]
  readonly packs: readonly Pack[]
  /** Flags, as text; which of them may come from a config is for OsqueryFlags to say. */
  readonly options: ReadonlyMap<string, string>
  readonly decorators: Decorators
  readonly enabledSubscribers: readonly string[]
  readonly disabledSubscribers: readonly string[]
}

export type ConfigResult =
  | { readonly ok: true; readonly config: OsqueryConfig; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly message: string }

export interface ConfigRules extends PackRules {
  /** The text of a pack's file; a message when it cannot be used. */
  readonly readPackFile: (path: string) => { readonly text: string } | { readonly message: string }
}

/** As in osquery. */
const MOST_CHARACTERS = 4 * 1024 * 1024
const MOST_WARNINGS = 100

export function parseConfig(text: string, rules: ConfigRules): ConfigResult {
  const parsed = parseObject(text)
  if (!parsed.ok) return { ok: false, message: `the config ${parsed.message}` }
  const warnings: string[] = []
  const warn: Warn = (message) => {
    if (warnings.length < MOST_WARNINGS) warnings.push(message)
  }
  const { object } = parsed
  const events = section(object, "events", warn)
  const config = {
    schedule: readSchedule(section(object, "schedule", warn), rules, warn),
    packs: readPacks(section(object, "packs", warn), rules, warn),
    options: readOptions(section(object, "options", warn), warn),
    decorators: readDecorators(section(object, "decorators", warn), warn),
    enabledSubscribers: textsOf(member(events, "enable_subscribers")),
    disabledSubscribers: textsOf(member(events, "disable_subscribers")),
  }
  return { ok: true, config, warnings }
}

/** The queries of the schedule and of all packs, in the order in which they run; of one name the first. */
export function allQueries(config: OsqueryConfig): ScheduledQuery[] {
  const byName = new Map<string, ScheduledQuery>()
  for (const query of [...config.schedule, ...config.packs.flatMap((pack) => pack.queries)]) {
    if (!byName.has(query.name)) byName.set(query.name, query)
  }
  return [...byName.values()]
}

type Parsed =
  | { readonly ok: true; readonly object: JsonObject }
  | { readonly ok: false; readonly message: string }

function parseObject(text: string): Parsed {
  if (text.length > MOST_CHARACTERS)
    return { ok: false, message: `is longer than ${MOST_CHARACTERS} characters` }
  try {
    // A backslash at the end of a line joins two lines, as in osquery.
    const joined = text.replace(/^\ufeff/, "").replaceAll("\\\n", "")
    const object: unknown = JSON.parse(stripComments(joined))
    return isObject(object) ? { ok: true, object } : { ok: false, message: "is no JSON object" }
  } catch (error) {
    return { ok: false, message: `is no JSON: ${error instanceof Error ? error.message : String(error)}` }
  }
}

function section(object: JsonObject, name: string, warn: Warn): JsonObject {
  const value = member(object, name)
  if (isObject(value)) return value
  if (value !== undefined) warn(`"${name}" is no object, and is left out`)
  return {}
}

function readPacks(packs: JsonObject, rules: ConfigRules, warn: Warn): Pack[] {
  return Object.entries(packs).flatMap(([name, value]) => {
    const content = isObject(value) ? value : readPackFile(name, value, rules, warn)
    if (content === null) return []
    // A pack called * holds packs.
    const entries = name === "*" ? Object.entries(content) : [[name, content] as const]
    return entries.flatMap(([one, inner]) => {
      if (!isObject(inner)) warn(`pack ${one}: it is no object`)
      return (isObject(inner) ? readPack(one, inner, rules, warn) : null) ?? []
    })
  })
}

function readPackFile(name: string, path: unknown, rules: ConfigRules, warn: Warn): JsonObject | null {
  const refuse = (message: string) => {
    warn(`pack ${name}: ${message}`)
    return null
  }
  if (typeof path !== "string") return refuse("it is neither an object nor a path")
  if (name === "*") return refuse(`patterns of paths are not followed (${path}); name each pack`)
  const file = rules.readPackFile(path)
  if ("message" in file) return refuse(file.message)
  const parsed = parseObject(file.text)
  return parsed.ok ? parsed.object : refuse(`${path} ${parsed.message}`)
}

function readOptions(options: JsonObject, warn: Warn): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const [name, value] of Object.entries(options)) {
    if (name.startsWith("custom_")) continue
    const isScalar = ["string", "number", "boolean"].includes(typeof value)
    if (!isScalar) warn(`option ${name}: neither text nor number nor bool`)
    // osquery passes over an empty text.
    else if (value !== "") found.set(name, String(value))
  }
  return found
}

function readDecorators(decorators: JsonObject, warn: Warn): Decorators {
  const interval = member(decorators, "interval")
  const rates = isObject(interval) ? Object.entries(interval) : []
  return {
    load: textsOf(member(decorators, "load")),
    always: textsOf(member(decorators, "always")),
    interval: rates.flatMap(([rate, queries]) => {
      const everyS = numberOf(rate)
      if (everyS !== null && everyS > 0 && everyS % 60 === 0) return [{ everyS, queries: textsOf(queries) }]
      warn(`decorators: the interval ${rate} is no multiple of 60 seconds`)
      return []
    }),
  }
}
