/**
 * Writes the inputs and meta.yaml of every case below corpus/windows-export; the expectations stay as they are.
 * Run: node test/generate/windows-export-corpus.ts [FOLDER]
 * Source of truth: test/export-writer/cases.ts.
 */
import { mkdirSync, writeFileSync } from "node:fs"
import path from "node:path"
import { EXPORT_CASES, exportMeta } from "../export-writer/cases.ts"

const corpus = process.argv[2] ?? path.resolve(import.meta.dirname, "../../corpus/windows-export")

for (const one of EXPORT_CASES) {
  const folder = path.join(corpus, one.folder)
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, one.input), one.bytes)
  writeFileSync(path.join(folder, "meta.yaml"), exportMeta(one))
}
console.log(`${EXPORT_CASES.length} cases below ${corpus}`)
