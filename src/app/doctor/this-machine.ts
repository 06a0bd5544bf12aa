/** The machine that retrail runs on. */
import { existsSync, readFileSync, statfsSync } from "node:fs"
import * as zlib from "node:zlib"
import { readSqliteVersion } from "../../store/sqlite/sqlite-version.ts"
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
    freeBytes,
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

function freeBytes(path: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(path)
    return bavail * bsize
  } catch {
    return null
  }
}
