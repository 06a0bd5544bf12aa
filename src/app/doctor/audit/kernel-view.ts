/** The kernel's audit as the doctor sees it: asked of the kernel, or why it could not be. */
import type { AuditRule } from "../../../sources/audit/rule.ts"
import type { StateFileRecord } from "../../../sources/audit/state-file.ts"
import type { AuditStatus } from "../../../sources/audit/status.ts"

export type KernelView =
  | {
      readonly kind: "asked"
      readonly status: AuditStatus
      readonly rules: readonly AuditRule[]
      /** What a socket got that asked for the capture's standard, in bytes as they were asked for. */
      readonly bufferBytes: number
    }
  /** Not for this user, or not from inside a container. */
  | { readonly kind: "refused" }
  /** A kernel without audit. */
  | { readonly kind: "absent" }
  /** A kind of machine that live capture does not know. */
  | { readonly kind: "unsupported" }
  /** The library that reaches the kernel does not load. */
  | { readonly kind: "unloadable" }
  | { readonly kind: "silent" }

export type AskedKernel = Extract<KernelView, { readonly kind: "asked" }>

export type LeftView =
  | StateFileRecord
  /** This user may not read the note. */
  | { readonly state: "unknown" }
  /** The note may be forged, or is damaged. */
  | { readonly state: "untrusted" }

/** The standard of --socket-buffer. */
export const WANTED_BUFFER_BYTES = 8 * 1024 * 1024
