/** Makes the reader of a shape. */
import type { WindowsSource } from "../parser.ts"
import { JsonReader } from "./json-reader.ts"
import type { NameLookup } from "./name-lookup.ts"
import type { RecordSink, UnitReader } from "./unit-reader.ts"
import { XmlReader } from "./xml-reader.ts"

export function createReader({ variant }: WindowsSource, names: NameLookup, sink: RecordSink): UnitReader {
  return variant === "xml" ? new XmlReader(sink, names) : new JsonReader(sink, names)
}
