/**
 * Writes the inputs and meta.yaml of every case below corpus/endpoint-security; the expectations stay as they are.
 * Run: node test/generate/endpoint-security-corpus.ts [FOLDER]
 * Source of truth: test/es-writer/cases.ts.
 */
import { mkdirSync, writeFileSync } from "node:fs"
import path from "node:path"
import { ES_CASES, esMeta } from "../es-writer/cases.ts"

const corpus = process.argv[2] ?? path.resolve(import.meta.dirname, "../../corpus/endpoint-security")

for (const one of ES_CASES) {
  const folder = path.join(corpus, one.folder)
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, one.input), one.content)
  writeFileSync(path.join(folder, "meta.yaml"), esMeta(one))
}
console.log(`${ES_CASES.length} cases below ${corpus}`)
