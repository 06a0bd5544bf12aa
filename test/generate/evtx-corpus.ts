/**
 * Writes the inputs and meta.yaml of every case below corpus/evtx; the expectations stay as they are.
 * Run: node test/generate/evtx-corpus.ts [FOLDER]
 * Source of truth: test/evtx-writer/cases.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import path from "node:path"
import { gunzipSync } from "node:zlib"
import { EVTX_CASES } from "../evtx-writer/cases/index.ts"
import { INPUT, metaOf, packLog } from "../evtx-writer/write-case.ts"

const corpus = process.argv[2] ?? path.resolve(import.meta.dirname, "../../corpus/evtx")

for (const one of EVTX_CASES) {
  const folder = path.join(corpus, one.folder)
  mkdirSync(folder, { recursive: true })
  const input = path.join(folder, INPUT)
  // Another zlib may pack the same log otherwise.
  const isSame = existsSync(input) && gunzipSync(readFileSync(input)).equals(one.file.bytes)
  if (!isSame) writeFileSync(input, packLog(one.file.bytes))
  writeFileSync(path.join(folder, "meta.yaml"), metaOf(one))
}
console.log(`${EVTX_CASES.length} cases below ${corpus}`)
