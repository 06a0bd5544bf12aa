import { describe, expect, it } from "vitest"
import { GrowingBytes } from "../../../../../src/base/growing-bytes.ts"
import { EventTape } from "../../../../../src/formats/windows/event-tape.ts"
import { NAMES } from "../../../../../src/formats/windows/names.ts"
import { XmlRenderer } from "../../../../../src/formats/windows/render/xml.ts"

const xmlOf = (build: (tape: EventTape) => void): string => {
  const tape = new EventTape()
  build(tape)
  const out = new GrowingBytes(16)
  out.reserve(2)
  out.bytes.write("> ", "latin1")
  out.used = 2
  new XmlRenderer().render(tape, null, out)
  return out.bytes.utf8Slice(0, out.used)
}

const attribute = (tape: EventTape, name: string, text: string): void => {
  const start = tape.length
  const has = tape.append(text)
  tape.attribute(NAMES.intern(name), start, tape.length, has, -1)
}

describe("XmlRenderer", () => {
  it("appends elements, empty ones closed at once, and attributes in double quotes", () => {
    const xml = xmlOf((tape) => {
      tape.open(NAMES.intern("Event"))
      attribute(tape, "xmlns", "urn:x")
      attribute(tape, "b", `<'&">`)
      tape.element("A", "")
      tape.element("B", "text")
      tape.close()
    })
    expect(xml).toBe('> <Event xmlns="urn:x" b="&lt;&apos;&amp;&quot;&gt;"><A/><B>text</B></Event>')
  })

  it("escapes what a parser would take for markup, and nothing else", () => {
    expect(xmlOf((tape) => tape.element("A", `a<b>&"'\t\r\n`))).toBe(`> <A>a&lt;b&gt;&amp;"'\t\r\n</A>`)
    expect(xmlOf((tape) => tape.element("A", "ü€😀"))).toBe("> <A>ü€😀</A>")
  })

  it("puts U+FFFD for what XML does not allow", () => {
    expect(xmlOf((tape) => tape.element("A", "\u0000\u0008\u001f\ufffe\uffff\ufffd\u007f"))).toBe(
      "> <A>\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\u007f</A>",
    )
  })

  it("lets no instruction end inside itself, and grows as needed", () => {
    const long = "x".repeat(10_000)
    const xml = xmlOf((tape) => {
      tape.open(NAMES.intern("A"))
      const start = tape.length
      const has = tape.append("a?><b>")
      tape.instruction(NAMES.intern("go"), start, tape.length, has)
      tape.close()
      tape.element("B", long)
    })
    expect(xml).toBe(`> <A><?go a?&gt;&lt;b&gt;?></A><B>${long}</B>`)
  })
})
