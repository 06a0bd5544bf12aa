/** The format registry: one line a format. */
import type { Detect } from "../../formats/format.ts"
import { detectLinuxAudit } from "../../formats/linux-audit/detect.ts"
import type { FormatName } from "./format-names.ts"
import { createLinuxAuditReader } from "./linux-audit-reader.ts"
import type { ChainReader, ReaderOptions } from "./reader.ts"

export interface FormatEntry {
  readonly name: FormatName
  readonly detect: Detect
  readonly createReader: (options: ReaderOptions) => ChainReader
  /** Variant to assume under `--format` when the bytes do not tell. */
  readonly defaultVariant: string
}

export const FORMATS: readonly FormatEntry[] = [
  {
    name: "linux-audit",
    detect: detectLinuxAudit,
    createReader: createLinuxAuditReader,
    defaultVariant: "auditd",
  },
]
