/** Runs the parser over a trail and prints it as praudit does. */
import { GrowingBytes } from "../../../../../../src/base/growing-bytes.ts"
import { BsmParser } from "../../../../../../src/formats/bsm/bsm-parser.ts"
import type { PrauditOptions } from "../../../../../../src/formats/bsm/render/praudit/options.ts"
import { PrauditRenderer } from "../../../../../../src/formats/bsm/render/praudit/praudit.ts"
import {
  PRAUDIT_XML_END,
  PRAUDIT_XML_HEAD,
} from "../../../../../../src/formats/bsm/render/praudit/xml-frame.ts"
import type { BsmPlatform } from "../../../../../../src/formats/bsm/tables/events.ts"

const PLAIN: PrauditOptions = { form: "default", isXml: false, isOneLine: false, delimiter: "," }

export function printTrail(
  trail: Buffer,
  options: Partial<PrauditOptions> = {},
  platform: BsmPlatform = "unknown",
): Buffer {
  const renderer = new PrauditRenderer({ ...PLAIN, ...options })
  const out = new GrowingBytes(64 * 1024)
  const parser: BsmParser = new BsmParser({
    record: (record) => renderer.render(record, parser.platform, out),
    problem: () => {},
    gap: () => {},
  })
  parser.beginSource({ sourceId: 1, platform })
  parser.push(Buffer.from(trail), 0)
  parser.endSource()
  const text = Buffer.from(out.bytes.subarray(0, out.used))
  if (options.isXml !== true) return text
  return Buffer.concat([Buffer.from(PRAUDIT_XML_HEAD), text, Buffer.from(PRAUDIT_XML_END)])
}

/** The lines of one record's tokens, without header and trailer. */
export function printTokens(record: Buffer, options: Partial<PrauditOptions> = {}): string[] {
  return printTrail(record, options, "macos")
    .toString("utf8")
    .split("\n")
    .filter((line) => !/^(?:header|trailer|<\?xml|<\/?audit>|<\/?record)/.test(line) && line !== "")
}
