/** The format registry: one line a format. */
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
import { createBsmReader } from "./bsm-reader.ts"
import { createEsReader } from "./es-reader.ts"
import type { FormatName } from "./format-names.ts"
import type { InPlace } from "./in-place.ts"
import { createLinuxAuditReader, linuxAuditUnits } from "./linux-audit-reader.ts"
import { createPerfDataReader } from "./perf-data-reader.ts"
import { createPerfRingReader, ringUnits } from "./perf-ring-reader.ts"
import { createPerfScriptReader } from "./perf-script-reader.ts"
import type { ChainReader, ReaderOptions, RecordForm } from "./reader.ts"
import { createEvtxReader, createExportReader, writtenEvtxOf } from "./windows-reader.ts"

export interface FormatEntry {
  readonly name: FormatName
  readonly detect: Detect
  readonly createReader: (options: ReaderOptions) => ChainReader
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
    createReader: createLinuxAuditReader,
    defaultVariant: "auditd",
    unitsOf: linuxAuditUnits,
  },
  {
    name: "evtx",
    detect: detectEvtx,
    createReader: createEvtxReader,
    defaultVariant: "evtx-image",
    recordForms: ["xml"],
    inPlace: EVTX_IN_PLACE,
  },
  {
    name: "windows-export",
    detect: detectWindowsExport,
    createReader: createExportReader,
    defaultVariant: "any",
    recordForms: ["xml"],
  },
  {
    name: "bsm",
    detect: detectBsm,
    createReader: createBsmReader,
    defaultVariant: "trail",
    recordForms: ["praudit", "bsm"],
    unitsOf: () => "bsm-records",
  },
  {
    name: "endpoint-security",
    detect: detectEndpointSecurity,
    createReader: createEsReader,
    defaultVariant: "eslogger",
  },
  {
    name: "perf-script",
    detect: detectPerfScript,
    createReader: createPerfScriptReader,
    defaultVariant: "perf-script",
  },
  {
    name: "perf-ring",
    detect: detectPerfRing,
    createReader: createPerfRingReader,
    defaultVariant: "capture",
    unitsOf: ringUnits,
  },
  {
    name: "perf-data",
    detect: detectPerfData,
    createReader: createPerfDataReader,
    defaultVariant: "file",
    recordForms: ["perf-script"],
    lookAhead,
  },
]
