/**
 * Writes the inputs and meta.yaml of every case below corpus/bsm; the expectations stay as they are.
 * Run: node test/generate/bsm-corpus.ts [FOLDER]
 * Source of truth: test/bsm-writer/cases.
 */
import { mkdirSync, writeFileSync } from "node:fs"
import path from "node:path"
import { stringify } from "yaml"
import { BSM_CASES } from "../bsm-writer/cases/index.ts"

const corpus = process.argv[2] ?? path.resolve(import.meta.dirname, "../../corpus/bsm")

for (const { folder: name, bytes, shows, how, records, events } of BSM_CASES) {
  const folder = path.join(corpus, name)
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, "input.bsm"), bytes)
  const counts = records === undefined ? {} : { records, events }
  writeFileSync(
    path.join(folder, "meta.yaml"),
    stringify({ shows, origin: "built", how, variant: "trail", ...counts }),
  )
}
console.log(`${BSM_CASES.length} cases below ${corpus}`)
