/** What a check of the doctor looks at, and what it says. */

/** `info`: a fact that is neither good nor bad here. */
export type CheckState = "ok" | "info" | "warn" | "fail"

/** Holds no path, host, account or other data of the user: it goes into bug reports. */
export interface Check {
  readonly name: string
  readonly state: CheckState
  readonly finding: string
  /** What to do, one sentence; '' when there is nothing to do. */
  readonly fix: string
}

/** A file as it could be read. */
export type Look = { readonly kind: "text"; readonly text: string } | { readonly kind: "absent" | "denied" }

/** The machine as the checks see it, so that tests can be any machine. */
export interface Machine {
  readonly platform: string
  readonly arch: string
  readonly nodeVersion: string
  readonly isRoot: boolean
  readonly nowMs: number
  readonly hasZstd: boolean
  /** SQLite's version, or the reason why the addon does not load. */
  sqlite(): { readonly version: string } | { readonly error: string }
  /** A small text file. */
  look(path: string): Look
  exists(path: string): boolean
  /** Bytes that this user may still write to the file system of `path`; null when it cannot be told. */
  freeBytes(path: string): number | null
}

export function ok(name: string, finding: string): Check {
  return { name, state: "ok", finding, fix: "" }
}

export function noted(name: string, finding: string, fix = ""): Check {
  return { name, state: "info", finding, fix }
}

export function warned(name: string, finding: string, fix: string): Check {
  return { name, state: "warn", finding, fix }
}

export function failed(name: string, finding: string, fix: string): Check {
  return { name, state: "fail", finding, fix }
}
