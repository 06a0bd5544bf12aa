/** The machine that retrail runs on. */
import { existsSync, readdirSync, readFileSync, readlinkSync, statfsSync } from "node:fs"
import * as zlib from "node:zlib"
import { readSqliteVersion } from "../../store/sqlite/sqlite-version.ts"
import { askKernel, lookForLeft } from "./audit/ask-kernel.ts"
import type { Look, Machine } from "./check.ts"

export function thisMachine(): Machine {
  return {
    platform: process.platform,
    arch: process.arch,
    nodeVersion: process.versions.node,
    isRoot: process.geteuid?.() === 0,
    nowMs: Date.now(),
    hasZstd: "createZstdDecompress" in zlib,
    sqlite: readSqliteVersion,
    look,
    exists: existsSync,
    list: (path) => attempt(() => readdirSync(path)),
    link: (path) => attempt(() => readlinkSync(path)),
    freeBytes: (path) => attempt(() => freeBytes(path)),
    kernel: askKernel,
    left: lookForLeft,
  }
}

function look(path: string): Look {
  try {
    return { kind: "text", text: readFileSync(path, "utf8") }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : ""
    return { kind: code === "EACCES" || code === "EPERM" ? "denied" : "absent" }
  }
}

function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(path)
  return bavail * bsize
}

function attempt<Result>(run: () => Result): Result | null {
  try {
    return run()
  } catch {
    return null
  }
}
