/** Holds docs/ and the files beside it against the code: nothing generated is stale, nothing is left undocumented. */
import { existsSync, globSync, readFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { describe, expect, it } from "vitest"
import { renderPages } from "../../docs/pages.ts"
import { COMMANDS } from "../../src/commands/index.ts"

const root = resolve(import.meta.dirname, "../..")
const read = (path: string) => readFileSync(join(root, path), "utf8")

describe("generated pages", () => {
  it.each([...renderPages()])("%s is what npm run docs writes", (name, text) => {
    expect(read(join("docs", name))).toBe(text)
  })
})

interface CommandFacts {
  readonly description?: string
  readonly usage?: string | string[]
  readonly examples?: readonly unknown[]
  readonly flags?: Readonly<Record<string, { readonly description?: string }>>
}

describe("every command", () => {
  const commands = Object.entries(COMMANDS).map(([id, command]) => {
    return [id.replaceAll(":", " "), command as CommandFacts] as const
  })

  it.each(commands)("%s has a description, a usage and examples of its own", (name, command) => {
    expect(command.description).toBeTruthy()
    const usages = [command.usage ?? ""].flat()
    for (const usage of usages) expect(`${usage} `).toContain(`${name} `)
    const examples = command.examples ?? []
    expect(examples.length).toBeGreaterThan(0)
    for (const example of examples) expect(`${example} `).toContain(`<%= config.bin %> ${name} `)
  })

  it.each(commands)("%s explains every flag", (_, { flags }) => {
    for (const [flag, { description }] of Object.entries(flags ?? {})) expect(description, flag).toBeTruthy()
  })

  it("is named in the README", () => {
    const readme = read("README.md")
    const unnamed = commands.map(([name]) => name).filter((name) => !readme.includes(`retrail ${name}`))
    expect(unnamed).toEqual([])
  })
})

describe("docs/dependencies.md", () => {
  it("names exactly the dependencies of package.json", () => {
    const { dependencies, devDependencies } = JSON.parse(read("package.json")) as Record<string, object>
    const named = [...read("docs/dependencies.md").matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name)
    const expected = [...Object.keys(dependencies ?? {}), ...Object.keys(devDependencies ?? {})]
    expect(named.sort()).toEqual(expected.sort())
  })
})

/** Pages that bench/run.ts and test runs write may not be there yet. */
const WRITTEN_ELSEWHERE = new Set(["docs/performance.md", "docs/osquery-differences.md"])

describe("links", () => {
  const pages = [...globSync("*.md", { cwd: root }), ...globSync("docs/*.md", { cwd: root })]
  it.each(pages)("of %s lead to files", (page) => {
    const targets = [...read(page).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, target]) => target ?? "")
    const missing = targets.filter((target) => {
      const path = join(dirname(page), target)
      return !existsSync(join(root, path)) && !WRITTEN_ELSEWHERE.has(path)
    })
    expect(missing).toEqual([])
  })
})
