/** Makes the reader of a shape. */
import { ClixmlReader } from "./clixml-reader.ts"
import { CsvReader } from "./csv-reader.ts"
import { JsonReader } from "./json-reader.ts"
import type { NameLookup } from "./name-lookup.ts"
import type { RecordSink, UnitReader } from "./unit-reader.ts"
import { XmlReader } from "./xml-reader.ts"

export function createReader(variant: string, names: NameLookup, sink: RecordSink): UnitReader {
  if (variant === "xml") return new XmlReader(sink, names)
  if (variant === "clixml") return new ClixmlReader(sink, names)
  if (variant === "evtxecmd-csv" || variant === "csv") return new CsvReader(sink, names)
  return new JsonReader(sink, names)
}
