/**
 * Packs and the queries in them, restricted by platform and shard. Source of truth: osquery
 * osquery/config/packs.cpp, osquery/core/system.cpp (checkPlatform).
 */
import { createHash } from "node:crypto"
import { boolOf, isObject, type JsonObject, member, numberOf, textOf, textsOf } from "./config-value.ts"

export interface ScheduledQuery {
  /** As it stands in the log: `pack_<pack>_<query>`, or the bare name of a query of `schedule`. */
  readonly name: string
  readonly sql: string
  readonly intervalS: number
  /** All rows each time, in the snapshots log. */
  readonly isSnapshot: boolean
  /** Rows that went are logged. */
  readonly keepsRemoved: boolean
  /** '' for `schedule`. */
  readonly pack: string
}

export interface Pack {
  readonly name: string
  readonly queries: readonly ScheduledQuery[]
  /** The pack runs while each of these gives rows. */
  readonly discovery: readonly string[]
}

export interface PackRules {
  /** As Node.js names it: linux, darwin, win32, freebsd. */
  readonly platform: string
  /** Its hash decides on shards. */
  readonly host: string
  readonly packDelimiter: string
  readonly defaultIntervalS: number
}

export type Warn = (message: string) => void

/** A week. */
const LONGEST_INTERVAL_S = 604_800

/** @returns null when the pack is for other machines */
export function readPack(name: string, content: JsonObject, rules: PackRules, warn: Warn): Pack | null {
  if (!isForUs(content, rules)) return null
  noteVersion(content, `pack ${name}`, warn)
  const queries = member(content, "queries")
  const found = isObject(queries) ? Object.entries(queries) : []
  return {
    name,
    discovery: textsOf(member(content, "discovery")),
    queries: found.flatMap(([query, facts]) => readQuery(query, facts, name, rules, warn)),
  }
}

export function readSchedule(schedule: JsonObject, rules: PackRules, warn: Warn): ScheduledQuery[] {
  return Object.entries(schedule).flatMap(([query, facts]) => readQuery(query, facts, "", rules, warn))
}

function readQuery(
  query: string,
  facts: unknown,
  pack: string,
  rules: PackRules,
  warn: Warn,
): ScheduledQuery[] {
  const mark = rules.packDelimiter
  const name = pack === "" ? query : `pack${mark}${pack}${mark}${query}`
  if (!isObject(facts)) {
    warn(`${name}: a query is an object with "query" and "interval"`)
    return []
  }
  if (!isForUs(facts, rules)) return []
  noteVersion(facts, name, warn)
  const sql = textOf(member(facts, "query"))
  if (sql === null || sql.trim() === "") {
    warn(`${name}: there is no "query"`)
    return []
  }
  const given = member(facts, "interval")
  const intervalS = given === undefined ? rules.defaultIntervalS : numberOf(given)
  if (intervalS === null || intervalS === 0 || intervalS > LONGEST_INTERVAL_S) {
    warn(`${name}: the interval is no number of seconds from 1 to ${LONGEST_INTERVAL_S}`)
    return []
  }
  const isSnapshot = boolOf(member(facts, "snapshot"), false)
  return [{ name, sql, intervalS, isSnapshot, keepsRemoved: boolOf(member(facts, "removed"), true), pack }]
}

function isForUs(content: JsonObject, { platform, host }: PackRules): boolean {
  const shard = numberOf(member(content, "shard")) ?? 0
  if (shard > 0 && shard < machineShard(host)) return false
  return isForPlatform(textOf(member(content, "platform")) ?? "", platform)
}

/** Words in the text, as osquery looks for them: `linux,darwin`, `posix`, `any`. */
export function isForPlatform(wanted: string, platform: string): boolean {
  if (wanted === "" || wanted === "null") return true
  const names =
    platform === "linux" ? ["linux", "ubuntu", "centos"] : platform === "win32" ? ["windows"] : [platform]
  const posix = platform === "win32" ? [] : ["posix"]
  return ["any", "all", ...names, ...posix].some((word) => wanted.includes(word))
}

/** 0 to 100, from the host's name. */
export function machineShard(host: string): number {
  const digest = createHash("sha1").update(host).digest("hex")
  return Math.floor((Number.parseInt(digest.slice(0, 2), 16) * 100) / 255)
}

/** It speaks of osquery's version, which is not ours. */
function noteVersion(content: JsonObject, place: string, warn: Warn): void {
  const version = textOf(member(content, "version")) ?? ""
  if (version !== "" && version !== "null") warn(`${place}: "version" is of osquery, and is not looked at`)
}
