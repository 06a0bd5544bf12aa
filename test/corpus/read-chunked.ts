/** Reads a case's inputs in chunks of a chosen size, without the sources' own chunking. */

import { join } from "node:path"
import { listInputs } from "../../src/app/corpus/case-files.ts"
import { type CaseMeta, readMeta } from "../../src/app/corpus/case-meta.ts"
import { chooseFormat, firstTimeOf } from "../../src/app/reading/choose-format.ts"
import { type ChainReader, newTally, type Tally } from "../../src/app/reading/reader.ts"
import type { Problem } from "../../src/base/problem.ts"
import { JsonLinesSink } from "../../src/rows/json-sink.ts"
import { findInputs } from "../../src/sources/find-inputs.ts"
import { openSources } from "../../src/sources/open-sources.ts"
import { readerOf } from "../readers.ts"

/** One input's unpacked bytes. */
export interface Content {
  readonly name: string
  readonly head: Buffer
  readonly bytes: Buffer
}

export async function metaOf(folder: string): Promise<CaseMeta> {
  const meta = await readMeta(folder)
  if (typeof meta === "string") throw new Error(`${folder}: ${meta}`)
  return meta
}

/** The inputs' content in reading order. */
export async function contentOf(folder: string): Promise<Content[]> {
  const found = await findInputs((await listInputs(folder)).map((name) => join(folder, name)))
  const contents: Content[] = []
  for await (const event of openSources(found.inputs, { firstTimeMs: firstTimeOf })) {
    if (event.kind !== "source") continue
    const pieces: Buffer[] = []
    for await (const { bytes } of event.source.chunks()) pieces.push(Buffer.from(bytes))
    const { facts, head } = event.source
    contents.push({ name: facts.path, head, bytes: Buffer.concat(pieces) })
  }
  return contents
}

export interface ChunkedResult {
  readonly rows: string
  readonly problems: readonly Problem[]
  readonly tallies: readonly Tally[]
}

/** Null when an input is in no known format. */
export function readChunked(
  contents: readonly Content[],
  meta: CaseMeta,
  chunkSize: number,
): ChunkedResult | null {
  const rows: Buffer[] = []
  const problems: Problem[] = []
  const tallies: Tally[] = []
  const writer = new JsonLinesSink((bytes) => rows.push(Buffer.from(bytes)))
  let reader: ChainReader | undefined
  for (const [index, { name, head, bytes }] of contents.entries()) {
    const facts = { path: name, member: "", packing: "", storedSize: 0, modifiedMs: meta.modifiedMs }
    const choice = chooseFormat(head, facts)
    if (choice.kind !== "format") return null
    reader ??= readerOf(choice.format)({
      writer,
      host: meta.host,
      problem: (problem) => problems.push(problem),
      gap: () => {},
    })
    const tally = newTally()
    tallies.push(tally)
    const { detection } = choice
    reader.beginSource({ sourceId: index + 1, detection, modifiedMs: meta.modifiedMs, tally })
    for (let at = 0; at < bytes.length; at += chunkSize) {
      // A buffer of its own, overwritten afterwards: nothing may keep looking into it.
      const chunk = Buffer.from(bytes.subarray(at, at + chunkSize))
      reader.push(chunk, at)
      chunk.fill(0x2a)
    }
    reader.endSource()
  }
  reader?.end()
  writer.close()
  return { rows: Buffer.concat(rows).toString(), problems, tallies }
}
