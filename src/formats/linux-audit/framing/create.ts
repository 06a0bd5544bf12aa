/** Picks the framer for a way of saving audit records. */
import type { FramerContext, RecordConsumer } from "../framing.ts"
import type { HeaderReader } from "../header.ts"
import { LineFramer } from "../line-framer.ts"
import type { TypeNames } from "../type-names.ts"
import { Adjacency } from "./adjacency.ts"
import { AudispBinaryFramer } from "./audisp-binary.ts"
import { EntrySink } from "./entry-sink.ts"
import type { EntryTools } from "./journal-entry.ts"
import { JournalExportFramer } from "./journal-export.ts"
import { JournalVerboseFramer } from "./journal-verbose.ts"
import { JsonStreamFramer } from "./json-stream.ts"
import { NetlinkFramer } from "./netlink.ts"
import { OtherLineReader } from "./other-line.ts"
import type { ResumableFramer } from "./resumable.ts"

/** Every way of saving audit records that detection tells apart. */
export const VARIANTS = [
  "auditd",
  "syslog",
  "audisp",
  "dmesg",
  "ausearch",
  "journald-short",
  "journald-cat",
  "journald-json",
  "journald-json-pretty",
  "journald-export",
  "journald-verbose",
  "netlink",
  "audisp-binary",
  "go-audit",
  "laurel",
  "dmesg-json",
] as const

export type Variant = (typeof VARIANTS)[number]

export interface FramerParts {
  readonly header: HeaderReader
  readonly types: TypeNames
}

/** A framer for `variant` that hands on to `consumer`; an unknown variant is read as plain lines. */
export function createFramer(
  variant: string,
  context: FramerContext,
  consumer: RecordConsumer,
  parts: FramerParts,
): ResumableFramer {
  const { header, types } = parts
  const tools: EntryTools = { sink: new EntrySink(consumer), header, types, adjacency: new Adjacency() }
  switch (variant) {
    case "netlink":
      return new NetlinkFramer(consumer, header)
    case "audisp-binary":
      return new AudispBinaryFramer(consumer, header)
    case "journald-export":
      return new JournalExportFramer(consumer, tools)
    case "journald-verbose":
      return new JournalVerboseFramer(consumer, tools)
    case "journald-json-pretty":
    case "dmesg-json":
    case "go-audit":
    case "laurel":
      return new JsonStreamFramer(consumer, tools)
    default: {
      const isCat = variant === "journald-cat"
      const others = new OtherLineReader({ consumer, tools, modifiedMs: context.modifiedMs, isCat })
      return new LineFramer({ consumer, header, others })
    }
  }
}
