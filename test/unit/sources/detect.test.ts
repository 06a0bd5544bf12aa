import { describe, expect, it } from "vitest"
import type { Confidence, Detect } from "../../../src/formats/format.ts"
import { describeHead, detectSource } from "../../../src/sources/detect.ts"

function detector(format: string, confidence: Confidence): Detect {
  return () => ({ format, variant: "", title: format, confidence, why: "", firstTimeMs: Number.NaN })
}

describe("detectSource", () => {
  it("takes the most confident format, the first of equals", () => {
    const detectors = [
      detector("a", "possible"),
      () => null,
      detector("b", "likely"),
      detector("c", "likely"),
    ]
    expect(detectSource(Buffer.from("x"), "x", detectors).detection?.format).toBe("b")
    expect(
      detectSource(Buffer.from("x"), "x", [...detectors, detector("d", "certain")]).detection?.format,
    ).toBe("d")
  })

  it("says what an unrecognised file looks like", () => {
    const result = detectSource(Buffer.from("ffd8ffe000104a46", "hex"), "x.log", [() => null])
    expect(result).toEqual({ detection: null, looksLike: "starts ff d8 ff e0: JPEG image" })
  })

  it.each([
    [Buffer.alloc(0), "empty"],
    [Buffer.alloc(9), "starts 00 00 00 00: only NUL bytes"],
    [Buffer.from("hi"), "starts 68 69: text of no known format"],
    [Buffer.from('{"_table":"t"}'), "starts 7b 22 5f 74: what retrail wrote, not a log"],
    [Buffer.from('{"format":"evtx","offset":5}'), "starts 7b 22 66 6f: what retrail wrote, not a log"],
    [Buffer.from('{"RuleTitle":"x"}'), "starts 7b 22 52 75: detections of hayabusa, not events"],
    [Buffer.from("Timestamp,RuleTitle,Level\n"), "starts 54 69 6d 65: detections of hayabusa, not events"],
    [
      Buffer.from('[{"group":"Sigma","kind":"individual"}]'),
      "starts 5b 7b 22 67: detections of chainsaw, not events",
    ],
    [Buffer.from("\x7fELF\x02\x01"), "starts 7f 45 4c 46: ELF program"],
    [Buffer.from("SQLite format 3\0"), "starts 53 51 4c 69: SQLite database"],
    [Buffer.from("ElfFile\0"), "starts 45 6c 66 46: Windows event log (EVTX)"],
    [Buffer.from("BZh91AY"), "starts 42 5a 68 39: bzip2"],
    [Buffer.from([0x61, 1, 2, 0]), "starts 61 01 02 00: binary of no known kind"],
    [Buffer.from("\x1b[31mevil\n"), "starts 1b 5b 33 31: text of no known format"],
  ])("describes %s", (head, expected) => {
    expect(describeHead(head)).toBe(expected)
  })

  it("never shows the bytes themselves", () => {
    for (let byte = 0; byte < 256; byte++)
      expect(describeHead(Buffer.alloc(300, byte))).toMatch(/^[\x20-\x7e]+$/)
  })
})
