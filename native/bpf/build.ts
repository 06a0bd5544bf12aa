/**
 * Compiles the BPF programs and writes src/sources/bpf/programs.gen.ts, with both ways of output: node native/bpf/build.ts
 * It needs clang; users do not, since the result is committed. The same clang gives the same bytes.
 */
import { execFileSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { deflateRawSync } from "node:zlib"
import type { BpfObject, BpfProgram, Transport } from "../../src/sources/bpf/programs.ts"
import { type ObjectProgram, readObject } from "./read-object.ts"

const FOLDER = import.meta.dirname
const RESULT = join(FOLDER, "../../src/sources/bpf/programs.gen.ts")
const FLAGS = ["-O2", "-mcpu=v2", "-target", "bpf", "-Wall", "-Werror", "-Wno-unused-const-variable"]
const LINE = 100
const INSTRUCTION_BYTES = 8

/** `14.0.6`; '' where there is no clang. */
export function clangVersion(): string {
  try {
    return (
      /version (\d+\.\d+\.\d+)/.exec(execFileSync("clang", ["--version"], { encoding: "utf8" }))?.[1] ?? ""
    )
  } catch {
    return ""
  }
}

/** @throws Error with clang's words when the source has an error */
export function buildObject(transport: Transport): BpfObject {
  const folder = mkdtempSync(join(tmpdir(), "retrail-bpf-"))
  try {
    const object = join(folder, "capture.o")
    const define = transport === "ringbuf" ? ["-DRING_BUFFER"] : []
    execFileSync("clang", [...FLAGS, ...define, "-c", "capture.bpf.c", "-o", object], { cwd: FOLDER })
    const { maps, programs } = readObject(readFileSync(object))
    return { maps, ...joinPrograms(programs) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** One program for all tracepoints whose code is the same. */
function joinPrograms(found: readonly ObjectProgram[]): Pick<BpfObject, "code" | "programs"> {
  const programs = new Map<string, BpfProgram & { readonly tracepoints: string[] }>()
  const pieces: Buffer[] = []
  let first = 0
  for (const { tracepoint, code, references } of found) {
    const key = `${code.toString("latin1")}${JSON.stringify(references)}`
    const same = programs.get(key)
    if (same !== undefined) {
      same.tracepoints.push(tracepoint)
      continue
    }
    const count = code.length / INSTRUCTION_BYTES
    programs.set(key, { tracepoints: [tracepoint], first, count, references })
    pieces.push(code)
    first += count
  }
  return { programs: [...programs.values()], code: Buffer.concat(pieces) }
}

function print({ maps, programs, code }: BpfObject): string {
  const packed = deflateRawSync(code, { level: 9 }).toString("base64")
  const lines = packed.match(new RegExp(`.{1,${LINE}}`, "g")) ?? []
  return [
    "{",
    `maps: ${JSON.stringify(maps)},`,
    `programs: ${JSON.stringify(programs)},`,
    `code:\n${lines.map((line) => `"${line}"`).join(" +\n")},`,
    "}",
  ].join("\n")
}

if (import.meta.main) {
  const parts = (["ringbuf", "perf"] as const).map((name) => `${name}: ${print(buildObject(name))},`)
  const text = [
    "/** The BPF programs of native/bpf, compiled. Made by native/bpf/build.ts. */",
    'import type { PackedObject } from "./programs.ts"',
    "",
    `export const CLANG = "${clangVersion()}"`,
    "",
    `export const PACKED: Readonly<Record<"ringbuf" | "perf", PackedObject>> = {\n${parts.join("\n")}\n}`,
  ].join("\n")
  writeFileSync(RESULT, `${text}\n`)
}
