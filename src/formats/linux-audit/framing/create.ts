/** Picks the framer for a way of saving audit records. */
import type { Framer, FramerContext, RecordConsumer } from "../framing.ts"
import type { HeaderReader } from "../header.ts"
import type { TypeNames } from "../type-names.ts"
import { Adjacency } from "./adjacency.ts"
import { EntrySink } from "./entry-sink.ts"
import type { EntryTools } from "./journal-entry.ts"
import { JournalExportFramer } from "./journal-export.ts"
import { JournalVerboseFramer } from "./journal-verbose.ts"
import { JsonStreamFramer } from "./json-stream.ts"
import { NetlinkFramer } from "./netlink.ts"
import { OtherLineReader } from "./other-line.ts"

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
  "go-audit",
  "laurel",
  "dmesg-json",
] as const

export type Variant = (typeof VARIANTS)[number]

export interface FramerParts {
  readonly header: HeaderReader
  readonly types: TypeNames
  /** Makes the framer of plain lines, which hands what it cannot read to `others`. */
  readonly makeLineFramer: (consumer: RecordConsumer, others: OtherLineReader) => Framer
}

/** A framer for `variant` that hands on to `consumer`. */
export function createFramer(
  variant: Variant,
  context: FramerContext,
  consumer: RecordConsumer,
  parts: FramerParts,
): Framer {
  const { header, types } = parts
  const tools: EntryTools = { sink: new EntrySink(consumer), header, types, adjacency: new Adjacency() }
  switch (variant) {
    case "netlink":
      return new NetlinkFramer(consumer, header)
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
      return parts.makeLineFramer(
        consumer,
        new OtherLineReader({ consumer, tools, modifiedMs: context.modifiedMs, isCat }),
      )
    }
  }
}
