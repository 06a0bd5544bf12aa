/** Reads values of a config as osquery's JSON helpers do: numbers and bools may be written as text. */

export type JsonObject = Readonly<Record<string, unknown>>

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

/** An own member: names in a config are an attacker's, `__proto__` among them. */
export function member(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

export function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null
}

/** A whole number from 0 on, or null. */
export function numberOf(value: unknown): number | null {
  const number = typeof value === "string" && /^\s*\d+\s*$/.test(value) ? Number(value) : value
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number : null
}

export function boolOf(value: unknown, standard: boolean): boolean {
  if (typeof value === "boolean") return value
  if (typeof value === "number") return value !== 0
  if (typeof value === "string") return /^(?:true|t|yes|y|1)$/i.test(value)
  return standard
}

export function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : []
}
