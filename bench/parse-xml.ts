/** Parses events in XML with xml2js, one after the other, and counts them: what bench/windows.ts measures against. */
import { readFileSync } from "node:fs"
import { Parser } from "xml2js"

const END = "</Event>"
const text = readFileSync(process.argv[2] ?? "", "utf8")
const parser = new Parser({ async: false })
let events = 0
for (let from = text.indexOf("<Event "); from >= 0; events++) {
  const end = text.indexOf(END, from)
  if (end < 0) break
  await parser.parseStringPromise(text.slice(from, end + END.length))
  from = text.indexOf("<Event ", end)
}
console.log(events)
