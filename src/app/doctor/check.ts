/** What a check of the doctor looks at, and what it says. */
import type { KernelView, LeftView } from "./audit/kernel-view.ts"

/** `info`: a fact that is neither good nor bad here. */
export type CheckState = "ok" | "info" | "warn" | "fail"

/** Holds no path, host, account or other data of the user outside of `aside`: it goes into bug reports. */
export interface Check {
  readonly name: string
  readonly state: CheckState
  readonly finding: string
  /** What to do, one sentence; '' when there is nothing to do. */
  readonly fix: string
  /** Names and words of the user's that belong to the finding; for eyes only. */
  readonly aside?: string
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
  /** The names in a folder; null when it cannot be read. */
  list(path: string): readonly string[] | null
  /** What a symbolic link says; null when it cannot be read. */
  link(path: string): string | null
  /** Bytes that this user may still write to the file system of `path`; null when it cannot be told. */
  freeBytes(path: string): number | null
  /** The kernel's audit as it is now. */
  kernel(): KernelView
  /** What captures noted of the kernel's audit before they changed it. */
  left(): LeftView
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

/** The check with words that stay out of bug reports. */
export function withAside(check: Check, aside: string): Check {
  return aside === "" ? check : { ...check, aside }
}
