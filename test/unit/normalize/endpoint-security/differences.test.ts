/** docs/osquery-differences.md lists for EndpointSecurity what the source marks, and the source what it lists. */
import { globSync, readFileSync } from "node:fs"
import path from "node:path"
import { expect, it } from "vitest"

const ROOT = path.resolve(import.meta.dirname, "../../../..")

it("each listed difference is marked in the source, and nothing else is", () => {
  const files = globSync("src/{formats,normalize}/endpoint-security/**/*.ts", { cwd: ROOT })
  const marked = files.flatMap((file) => {
    const code = readFileSync(path.join(ROOT, file), "utf8")
    const marks = code.matchAll(/DEVIATION\(osquery\): ([a-z0-9-]+(?:, [a-z0-9-]+)*): /g)
    return [...marks].flatMap(([, ids = ""]) => ids.split(", "))
  })
  const text = readFileSync(path.join(ROOT, "docs/osquery-differences.md"), "utf8")
  const section = /\n## EndpointSecurity\n([\s\S]*?)\n## /.exec(text)?.[1] ?? ""
  const listed = [...section.matchAll(/^\| ([a-z-]+) \| (?!where)/gm)].map(([, id = ""]) => id)
  expect(listed.length).toBeGreaterThan(4)
  expect(new Set(marked)).toEqual(new Set(listed.filter((id) => !/^-+$/.test(id))))
})
