/**
 * The format registry: one line a format. What reads a format is loaded when the first source of it comes: a command
 * starts a good deal sooner with one reader than with all.
 */
import { detectBsm } from "../../formats/bsm/detect.ts"
import { detectEndpointSecurity } from "../../formats/endpoint-security/detect.ts"
import type { Detect, LookAhead } from "../../formats/format.ts"
import { detectLinuxAudit } from "../../formats/linux-audit/detect.ts"
import { detectPerfData } from "../../formats/perf/perf-data/detect.ts"
import { lookAhead } from "../../formats/perf/perf-data/look-ahead.ts"
import { detectPerfScript } from "../../formats/perf/perf-script/detect.ts"
import { detectPerfRing } from "../../formats/perf-ring/detect.ts"
import { detectEvtx } from "../../formats/windows/evtx/detect.ts"
import { CHUNK, CHUNK_MAGIC, FILE, RECORD, RECORD_MAGIC } from "../../formats/windows/evtx/layout.ts"
import { beginsLog, firstRecordOfLog } from "../../formats/windows/evtx/written-log.ts"
import { detectWindowsExport } from "../../formats/windows/export/detect.ts"
import type { UnitKind } from "../../sources/unit-cutter.ts"
import type { FormatName } from "./format-names.ts"
import type { InPlace } from "./in-place.ts"
import type { ChainReader, ReaderOptions, RecordForm } from "./reader.ts"
import { linuxAuditUnits, ringUnits } from "./units.ts"
import { writtenEvtxOf } from "./written-evtx.ts"

export type CreateReader = (options: ReaderOptions) => ChainReader

export interface FormatEntry {
  readonly name: FormatName
  readonly detect: Detect
  readonly loadReader: () => Promise<CreateReader>
  /** Variant to assume under `--format` when the bytes do not tell. */
  readonly defaultVariant: string
  /** A log that is still written is not only added to. */
  readonly inPlace?: InPlace
  /** What its records can be written as, besides JSON. */
  readonly recordForms?: readonly RecordForm[]
  /** What a record is in the bytes of a variant, for queues that count them; lines unless said. */
  readonly unitsOf?: (variant: string) => UnitKind
  /** What it wants to see of a source before the source is read. */
  readonly lookAhead?: LookAhead
}

const EVTX_IN_PLACE: InPlace = {
  variant: "evtx",
  blocks: {
    headerBytes: FILE.bytes,
    blockBytes: CHUNK.bytes,
    headBytes: CHUNK.recordsAt + RECORD.binXmlAt,
    magic: CHUNK_MAGIC,
    // The header of the first record: it says when the chunk was begun.
    mark: {
      at: CHUNK.recordsAt,
      bytes: RECORD.binXmlAt,
      magic: Buffer.from([RECORD_MAGIC & 0xff, RECORD_MAGIC >> 8, 0, 0]),
      numberAt: RECORD.idAt,
    },
  },
  begins: beginsLog,
  startOf: firstRecordOfLog,
  knownFrom: writtenEvtxOf,
}

export const FORMATS: readonly FormatEntry[] = [
  {
    name: "linux-audit",
    detect: detectLinuxAudit,
    loadReader: async () => (await import("./linux-audit-reader.ts")).createLinuxAuditReader,
    defaultVariant: "auditd",
    unitsOf: linuxAuditUnits,
  },
  {
    name: "evtx",
    detect: detectEvtx,
    loadReader: async () => (await import("./windows-reader.ts")).createEvtxReader,
    defaultVariant: "evtx-image",
    recordForms: ["xml"],
    inPlace: EVTX_IN_PLACE,
  },
  {
    name: "windows-export",
    detect: detectWindowsExport,
    loadReader: async () => (await import("./windows-reader.ts")).createExportReader,
    defaultVariant: "any",
    recordForms: ["xml"],
  },
  {
    name: "bsm",
    detect: detectBsm,
    loadReader: async () => (await import("./bsm-reader.ts")).createBsmReader,
    defaultVariant: "trail",
    recordForms: ["praudit", "bsm"],
    unitsOf: () => "bsm-records",
  },
  {
    name: "endpoint-security",
    detect: detectEndpointSecurity,
    loadReader: async () => (await import("./es-reader.ts")).createEsReader,
    defaultVariant: "eslogger",
  },
  {
    name: "perf-script",
    detect: detectPerfScript,
    loadReader: async () => (await import("./perf-script-reader.ts")).createPerfScriptReader,
    defaultVariant: "perf-script",
  },
  {
    name: "perf-ring",
    detect: detectPerfRing,
    loadReader: async () => (await import("./perf-ring-reader.ts")).createPerfRingReader,
    defaultVariant: "capture",
    unitsOf: ringUnits,
  },
  {
    name: "perf-data",
    detect: detectPerfData,
    loadReader: async () => (await import("./perf-data-reader.ts")).createPerfDataReader,
    defaultVariant: "file",
    recordForms: ["perf-script"],
    lookAhead,
  },
]
