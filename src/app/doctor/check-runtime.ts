/** What reading saved evidence needs: Node.js, SQLite, zstd, a clock, room on the disk. */
import { sizeText } from "../output/amounts.ts"
import { type Check, failed, type Machine, noted, ok, warned } from "./check.ts"

/** package.json: engines. */
const OLDEST_NODE = [22, 15] as const
/** Versions that the tests are run on. */
const TESTED_NODE: ReadonlySet<number> = new Set([22, 24, 26])
const LITTLE_BYTES = 1024 ** 3
const TOO_LITTLE_BYTES = 64 * 1024 ** 2
/** Before this the program did not exist. */
const EARLIEST_MS = Date.UTC(2025, 0, 1)
/** systemd-timesyncd.service(8) touches it when the clock has been set. */
const SYNCHRONIZED = "/run/systemd/timesync/synchronized"

/** @param folder where the case lies, or will */
export function checkRuntime(machine: Machine, folder: string): Check[] {
  return [
    checkNode(machine),
    checkSqlite(machine),
    machine.hasZstd
      ? ok("zstd", "zlib of Node.js reads .zst")
      : failed("zstd", "zlib of Node.js cannot read .zst", "Use Node.js 22.15 or newer."),
    checkDisk(machine.freeBytes(folder)),
    checkClock(machine),
  ]
}

function checkNode({ nodeVersion, platform, arch }: Machine): Check {
  const [major = 0, minor = 0] = nodeVersion.split(".").map(Number)
  const finding = `${nodeVersion} on ${platform} ${arch}`
  const isOld = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])
  if (isOld) return failed("node", `${finding} is too old`, "Use Node.js 22.15 or newer; 24 is best.")
  if (TESTED_NODE.has(major)) return ok("node", finding)
  return warned("node", `${finding} is not tested`, "Use Node.js 22, 24 or 26 if something looks wrong.")
}

function checkSqlite(machine: Machine): Check {
  const sqlite = machine.sqlite()
  if ("version" in sqlite) return ok("sqlite", `SQLite ${sqlite.version}`)
  const fix = "Install again with npm ci; a copied node_modules must come from the same kind of machine."
  return failed("sqlite", "better-sqlite3 does not load", fix)
}

function checkDisk(free: number | null): Check {
  if (free === null) return noted("disk", "unknown: the file system does not tell its free space")
  const finding = `${sizeText(free)} free where the case lies`
  const fix = "Put the case on another disk: it grows to about the size of the logs read into it."
  if (free < TOO_LITTLE_BYTES) return failed("disk", finding, fix)
  return free < LITTLE_BYTES ? warned("disk", finding, fix) : ok("disk", finding)
}

function checkClock(machine: Machine): Check {
  const now = `${new Date(machine.nowMs).toISOString().slice(0, 19)}Z`
  if (machine.nowMs < EARLIEST_MS) return warned("clock", `${now} is in the past`, "Set the clock.")
  const isSynchronized = machine.platform === "linux" && machine.exists(SYNCHRONIZED)
  return ok("clock", isSynchronized ? `${now}, synchronised` : `${now}; synchronisation unknown`)
}
