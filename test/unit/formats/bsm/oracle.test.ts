/**
 * Trails against an independent reader in another language: every item's place and every field of every token. What it
 * cannot read and we can is named here; nothing else may differ.
 */
import { globSync, readFileSync } from "node:fs"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { hasShared, readTrail, SHARED, type TokenJson, WITHOUT_SHARED } from "./read-trail.ts"

interface OracleItem {
  readonly offset: number
  readonly length: number
  readonly kind: "record" | "file" | "garbage"
  readonly tokens?: readonly (Readonly<Record<string, unknown>> & { readonly token: string })[]
  readonly error?: { readonly at: number; readonly token: number }
}

/** Names of the oracle that are not ours. */
const TOKEN_NAMES = new Map([["file", "file32"]])
const LEAST_TRAILS = 15

const oracles = hasShared ? globSync("*/*.ref.ndjson", { cwd: SHARED }).sort() : []
const trails = oracles.filter((name) => !name.startsWith("openbsm-reference-tokens/"))

describe.skipIf(!hasShared)(`trails against the oracle${hasShared ? "" : ` (${WITHOUT_SHARED})`}`, () => {
  it.each(trails)("%s", (name) => {
    const items = readOracle(name)
    const trail = readTrail(readFileSync(path.join(SHARED, name.replace(/\.ref\.ndjson$/, ""))))
    const expected = items.filter(({ kind }) => kind !== "garbage")
    const { records } = trail
    const places = expected.map(({ offset, length, kind }) => [offset, length, kind])
    expect(
      records.map(({ offset, length, type }) => [offset, length, type === "file" ? "file" : "record"]),
    ).toEqual(places)
    for (const [at, { tokens = [], error }] of expected.entries()) {
      const ours = (records[at]?.tokens ?? []).map(asOracle)
      // Behind its first token that it cannot read the oracle has nothing.
      expect(error === undefined ? ours : ours.slice(0, tokens.length)).toEqual(tokens.map(withoutIds))
    }
    const skipped = trail.problems.filter(({ code }) => /skipped|cut/.test(code))
    expect(skipped.map(({ offset, length }) => [offset, length])).toEqual(
      items.filter(({ kind }) => kind === "garbage").map(({ offset, length }) => [offset, length]),
    )
  })

  it("finds them", () => {
    expect(trails.length).toBeGreaterThan(LEAST_TRAILS)
  })
})

/** Numbers beyond 2^53 as the strings that we write. */
function readOracle(name: string): OracleItem[] {
  const text = readFileSync(path.join(SHARED, name), "utf8")
  const exact = text.replace(/: (\d{16,})(?=[,}])/g, (whole, digits: string) =>
    Number.isSafeInteger(Number(digits)) ? whole : `: "${digits}"`,
  )
  return exact
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as OracleItem)
}

function withoutIds({
  tid,
  ...token
}: Readonly<Record<string, unknown>> & { readonly token: string }): unknown {
  return { ...token, token: TOKEN_NAMES.get(token.token) ?? token.token }
}

function asOracle({ error, port_stored, ...token }: TokenJson): unknown {
  const fields = Object.fromEntries(
    Object.entries(token).map(([key, value]) => [
      key,
      typeof value === "string" ? value.replaceAll("\\x00", "\0") : value,
    ]),
  )
  return port_stored === undefined ? fields : { ...fields, port: port_stored }
}
