/**
 * Writes the inputs and meta.yaml of every case below corpus/perf-data; the expectations stay as they are.
 * Run: node test/generate/perf-corpus.ts [FOLDER]
 * Source of truth: test/perf-writer/cases.ts.
 */
import { mkdirSync, writeFileSync } from "node:fs"
import path from "node:path"
import { stringify } from "yaml"
import { PERF_CASES } from "../perf-writer/cases.ts"

const corpus = process.argv[2] ?? path.resolve(import.meta.dirname, "../../corpus/perf-data")

for (const { folder: name, bytes, shows } of PERF_CASES) {
  const folder = path.join(corpus, name)
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, "input.data"), bytes)
  const variant = name.endsWith("/pipe") ? "pipe" : "file"
  const meta = { shows, origin: "built", how: "written by test/perf-writer", variant }
  writeFileSync(path.join(folder, "meta.yaml"), stringify(meta))
}
console.log(`${PERF_CASES.length} cases below ${corpus}`)
