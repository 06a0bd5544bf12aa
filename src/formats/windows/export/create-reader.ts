/** Makes the reader of a shape. */
import type { WindowsSource } from "../parser.ts"
import type { NameLookup } from "./name-lookup.ts"
import type { RecordSink, UnitReader } from "./unit-reader.ts"
import { XmlReader } from "./xml-reader.ts"

export function createReader(_source: WindowsSource, names: NameLookup, sink: RecordSink): UnitReader {
  return new XmlReader(sink, names)
}
