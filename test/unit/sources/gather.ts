/** What the tests of this room share: folders that go away, tools that may be absent, and reading to the end. */

import { execFileSync, spawnSync } from "node:child_process"
import { createCipheriv, createHash } from "node:crypto"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll } from "vitest"
import type { Problem } from "../../../src/base/problem.ts"
import { findInputs } from "../../../src/sources/find-inputs.ts"
import type { Archive, SourceEvent } from "../../../src/sources/item.ts"
import { type OpenSourcesOptions, openSources } from "../../../src/sources/open-sources.ts"
import type { ReadOptions, SourceFacts } from "../../../src/sources/source.ts"

const root = mkdtempSync(path.join(tmpdir(), "retrail-sources-"))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** A new folder, removed when the file's tests are done. */
export function makeFolder(): string {
  return mkdtempSync(path.join(root, "folder-"))
}

export function hasTool(name: string): boolean {
  return spawnSync(name, ["--version"], { stdio: "ignore" }).error === undefined
}

/** Runs a tool in a folder; `input` goes to its stdin; gives its stdout. */
export function run(folder: string, tool: string, args: readonly string[], input?: Buffer): Buffer {
  return execFileSync(tool, args, {
    cwd: folder,
    ...(input ? { input } : {}),
    maxBuffer: 1 << 28,
    stdio: ["pipe", "pipe", "ignore"],
  })
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex")
}

/** Text that looks like a log and compresses about as well. */
export function makeLog(lines: number, seed = 1): Buffer {
  let state = seed
  const out: string[] = []
  for (let line = 0; line < lines; line++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    out.push(`type=SYSCALL msg=audit(17${state}.${line % 1000}:${line}): pid=${state % 32768} comm="demo"\n`)
  }
  return Buffer.from(out.join(""))
}

/** Bytes that do not compress. */
export function makeNoise(length: number, seed = 1): Buffer {
  const key = createHash("sha256").update(String(seed)).digest()
  return createCipheriv("aes-256-ctr", key, Buffer.alloc(16)).update(Buffer.alloc(length))
}

export interface Read {
  readonly facts: SourceFacts
  readonly chain: string
  readonly head: Buffer
  readonly content: Buffer
  readonly digests: { readonly stored: string; readonly content: string }
  readonly problems: readonly Problem[]
  readonly prefixDigests: ReadonlyMap<number, string>
  readonly firstOffset: number
}

export interface Gathered {
  readonly reads: readonly Read[]
  readonly refused: readonly { readonly facts: SourceFacts; readonly problems: readonly Problem[] }[]
  readonly archives: readonly Archive[]
  /** `source NAME`, `end`, `refused NAME`, `archive NAME`, as they came. */
  readonly order: readonly string[]
}

/** Finds, opens and reads everything. */
export async function gather(
  paths: readonly string[],
  options: OpenSourcesOptions = {},
  readOptions: ReadOptions = {},
): Promise<Gathered> {
  const found = await findInputs(paths)
  return gatherEvents(openSources(found.inputs, options), readOptions)
}

export async function gatherEvents(
  events: AsyncIterable<SourceEvent>,
  readOptions: ReadOptions = {},
): Promise<Gathered> {
  const reads: Read[] = []
  const refused: { facts: SourceFacts; problems: readonly Problem[] }[] = []
  const archives: Archive[] = []
  const order: string[] = []
  for await (const event of events) {
    order.push(labelOf(event))
    if (event.kind === "refused") refused.push(event)
    if (event.kind === "archive") archives.push(event.archive)
    if (event.kind !== "source") continue
    const pieces: Buffer[] = []
    let firstOffset = -1
    let expected = -1
    for await (const { bytes, offset } of event.source.chunks(readOptions)) {
      if (firstOffset < 0) firstOffset = offset
      if (expected >= 0 && expected !== offset) throw new Error(`offset ${offset} instead of ${expected}`)
      expected = offset + bytes.length
      pieces.push(Buffer.from(bytes))
    }
    const { facts, head, digests, problems, prefixDigests } = event.source
    const content = Buffer.concat(pieces)
    reads.push({ facts, chain: event.chain, head, content, digests, problems, prefixDigests, firstOffset })
  }
  return { reads, refused, archives, order }
}

function labelOf(event: SourceEvent): string {
  const nameOf = (facts: SourceFacts) => facts.member || path.basename(facts.path)
  switch (event.kind) {
    case "source":
      return `source ${nameOf(event.source.facts)}`
    case "chain-end":
      return "end"
    case "refused":
      return `refused ${nameOf(event.facts)}`
    case "archive":
      return `archive ${nameOf(event.archive.facts)}`
  }
}

/** Writes a file and gives its path. */
export function put(folder: string, name: string, bytes: Uint8Array | string): string {
  const file = path.join(folder, name)
  writeFileSync(file, bytes)
  return file
}

export function codesOf(problems: readonly Problem[]): string[] {
  return problems.map((problem) => problem.code)
}

/** All that a stream of buffers gives. */
export async function drain(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of stream) if (piece instanceof Uint8Array) pieces.push(Buffer.from(piece))
  return Buffer.concat(pieces)
}
