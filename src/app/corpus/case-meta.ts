/** meta.yaml of a case, checked. Its keys are described in the README of each format's corpus. */
import { parse } from "yaml"
import { LIMITS } from "../../base/limits.ts"
import { META_FILE, readPlainFile } from "./case-files.ts"

export interface CaseMeta {
  readonly shows: string
  readonly origin: string
  readonly variant: string
  /** Stands for the inputs' own modification time, in ms since 1970; NaN when it does not matter. */
  readonly modifiedMs: number
  /** For records that name no host; '' when not given. */
  readonly host: string
  /** Names of the inputs in reading order; null when there is one only. */
  readonly files: readonly string[] | null
  /** Counted by whoever made the case; null when there is no single answer. */
  readonly records: number | null
  /** Distinct events. */
  readonly events: number | null
}

/** The checked content, or in one clause what is wrong with it. */
export async function readMeta(folder: string): Promise<CaseMeta | string> {
  const bytes = await readPlainFile(folder, META_FILE, LIMITS.corpusMetaBytes.value)
  if (bytes === null) return `${META_FILE} cannot be read`
  try {
    const content: unknown = parse(bytes.toString("utf8"), { maxAliasCount: 0, logLevel: "silent" })
    return checkMeta(content)
  } catch {
    return `${META_FILE} is not valid YAML`
  }
}

function checkMeta(content: unknown): CaseMeta | string {
  if (typeof content !== "object" || content === null) return `${META_FILE} holds no keys`
  const keys = new Map<string, unknown>(Object.entries(content))
  const modified = textOf(keys, "modified")
  const modifiedMs = modified === "" ? Number.NaN : Date.parse(modified)
  if (modified !== "" && Number.isNaN(modifiedMs)) return `${META_FILE}: modified is no time`
  for (const required of ["shows", "origin", "variant"]) {
    if (textOf(keys, required) === "") return `${META_FILE}: ${required} is missing`
  }
  const files = keys.get("files")
  if (files !== undefined && !isTextList(files)) return `${META_FILE}: files is no list of names`
  const counts = ["records", "events"].map((key) => keys.get(key) ?? null)
  if (!counts.every(isCount)) return `${META_FILE}: records and events are whole numbers`
  const [records = null, events = null] = counts
  return {
    shows: textOf(keys, "shows"),
    origin: textOf(keys, "origin"),
    variant: textOf(keys, "variant"),
    modifiedMs,
    host: textOf(keys, "host"),
    files: files ?? null,
    records,
    events,
  }
}

function textOf(keys: ReadonlyMap<string, unknown>, key: string): string {
  const value = keys.get(key)
  return typeof value === "string" ? value : ""
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string")
}

function isCount(value: unknown): value is number | null {
  return value === null || (typeof value === "number" && Number.isSafeInteger(value) && value >= 0)
}
