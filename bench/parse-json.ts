/** Parses each line of a file with JSON.parse and counts them: what bench/macos.ts measures against. */
import { closeSync, openSync, readSync } from "node:fs"

const file = openSync(process.argv[2] ?? "", "r")
const chunk = Buffer.allocUnsafe(1024 * 1024)
let rest = Buffer.alloc(0)
let messages = 0
for (let got = readSync(file, chunk); got > 0; got = readSync(file, chunk)) {
  const bytes = Buffer.concat([rest, chunk.subarray(0, got)])
  let from = 0
  for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, from)) {
    JSON.parse(bytes.utf8Slice(from, end))
    messages++
    from = end + 1
  }
  rest = bytes.subarray(from)
}
closeSync(file)
console.log(messages)
