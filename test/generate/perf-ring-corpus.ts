/**
 * Writes the inputs and meta.yaml of every case below corpus/perf-ring; the expectations stay as they are.
 * Run: node test/generate/perf-ring-corpus.ts [FOLDER]
 * Source of truth: test/perf-ring-writer/cases.ts.
 */
import { mkdirSync, writeFileSync } from "node:fs"
import path from "node:path"
import { stringify } from "yaml"
import { RING_CASES } from "../perf-ring-writer/cases.ts"

const corpus = process.argv[2] ?? path.resolve(import.meta.dirname, "../../corpus/perf-ring")

for (const { folder: name, shows, variant, files } of RING_CASES) {
  const folder = path.join(corpus, name)
  mkdirSync(folder, { recursive: true })
  for (const [suffix, bytes] of files) writeFileSync(path.join(folder, `input${suffix}`), bytes)
  const how = `written by test/perf-ring-writer${name.startsWith("damaged") ? ", then damaged" : ""}`
  const order = files.length > 1 ? { files: files.map(([suffix]) => `input${suffix}`) } : {}
  writeFileSync(path.join(folder, "meta.yaml"), stringify({ shows, origin: "built", how, variant, ...order }))
}
console.log(`${RING_CASES.length} cases below ${corpus}`)
