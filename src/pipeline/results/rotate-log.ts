/**
 * Rotation of a log by number: `x.log` becomes `x.log.1`, `.1` becomes `.2`, `.2` becomes `.3.zst`; the oldest go.
 * Source of truth: osquery plugins/logger/filesystem_logger.cpp.
 */
import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs"
import { zstdCompressSync } from "node:zlib"
import { writeFully } from "../../rows/byte-output.ts"

/** The newest ones are left as they are, for those who read them still. */
const PLAIN_FILES = 2

/** Moves `path` and its older siblings on by one and keeps `maxFiles` of them. */
export function rotateLog(path: string, maxFiles: number): void {
  const names = [path]
  while (existsSync(rotatedName(path, names.length))) names.push(rotatedName(path, names.length))
  for (let number = names.length; number >= 1; number--) {
    const from = names[number - 1] ?? path
    const to = rotatedName(path, number)
    if (number > maxFiles) rmSync(from, { force: true })
    else if (number === PLAIN_FILES + 1) compress(from, to)
    else renameSync(from, to)
  }
}

function rotatedName(path: string, number: number): string {
  return number > PLAIN_FILES ? `${path}.${number}.zst` : `${path}.${number}`
}

/** The packed file appears under its name only when it is complete; a link in its place is replaced, not followed. */
function compress(from: string, to: string): void {
  const packed = zstdCompressSync(readFileSync(from))
  const part = `${to}.part`
  rmSync(part, { force: true })
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants
  const descriptor = openSync(part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
  try {
    writeFully(descriptor, packed, null)
    fchmodSync(descriptor, statSync(from).mode & 0o777)
  } finally {
    closeSync(descriptor)
  }
  renameSync(part, to)
  rmSync(from, { force: true })
}
