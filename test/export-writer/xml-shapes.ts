/** Events as XML: wevtutil, Event Viewer old and new, python-evtx. */
import { type Shown, toXml } from "../evtx-writer/intended.ts"
import { attributeOf, childOf, type Facts, timeWith } from "./facts.ts"

/** One event a line, without a root and in single quotes. */
export function wevtutilXml(events: readonly Facts[]): string {
  return events.map(({ shown }) => `${singleQuoted(shown)}\r\n`).join("")
}

/** "Save as", with the texts of Windows' own language. */
export function viewerXml(events: readonly Facts[]): string {
  const head = '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\r\n'
  const rendered = events.map((facts) => singleQuoted({ ...facts.shown, content: withRendering(facts) }))
  return `${head}<Events>${rendered.join("")}</Events>\r\n`
}

function withRendering({ shown, channel }: Facts): Shown["content"] {
  const part = (name: string, text: string): Shown => ({ name, attributes: [], content: [text] })
  const rendering = {
    name: "RenderingInfo",
    attributes: [["Culture", "en-US"]] as const,
    content: [
      part("Message", "A message of two lines.\r\n\r\nSubject:\r\n\tAccount Name:\t\talice"),
      part("Level", "Information"),
      part("Task", "Process Creation"),
      part("Opcode", "Info"),
      part("Channel", channel),
      part("Provider", "Microsoft Windows security auditing."),
      { name: "Keywords", attributes: [], content: [part("Keyword", "Audit Success")] },
    ],
  }
  return [...shown.content, rendering]
}

/** As one copies it from the XML tab of the old viewer. */
export function copiedXml(events: readonly Facts[]): string {
  return events.map(({ shown }) => indented(shown, "", "- ")).join("")
}

/** `evtx_dump.py` of python-evtx: other times, padded numbers, attributes without a value. */
export function pythonXml(events: readonly Facts[]): string {
  const head = '<?xml version="1.1" encoding="utf-8" standalone="yes" ?>\n\n<Events>\n'
  return `${head}${events.map((facts) => indented(pythonDialect(facts), "", "")).join("")}</Events>\n`
}

function pythonDialect(facts: Facts): Shown {
  const system = childOf(facts.shown, "System")
  const shown = { ...facts.shown, content: [rewriteSystem(system, facts), ...facts.shown.content.slice(1)] }
  return padNumbers(shown)
}

function rewriteSystem(system: Shown, facts: Facts): Shown {
  const time = timeWith(facts, 6).replace("T", " ").replace("Z", "")
  const content = system.content.map((node) => {
    if (typeof node === "string" || !("name" in node)) return node
    if (node.name === "TimeCreated") return { ...node, attributes: [["SystemTime", time] as const] }
    if (node.name === "EventID") return { ...node, attributes: [["Qualifiers", ""] as const] }
    if (node.name === "Security") return { ...node, attributes: [["UserID", facts.userSid] as const] }
    if (node.name !== "Correlation") return node
    return { ...node, attributes: [["ActivityID", ""] as const, ["RelatedActivityID", ""] as const] }
  })
  return { ...system, content }
}

function padNumbers(node: Shown): Shown {
  const content = node.content.map((child) => {
    if (typeof child === "string") {
      return child.replace(/^0x([0-9a-f]{1,16})$/, (_, digits: string) => `0x${digits.padStart(16, "0")}`)
    }
    return "name" in child ? padNumbers(child) : child
  })
  return { ...node, content }
}

export function singleQuoted(node: Shown): string {
  return toXml(node).replaceAll(/ ([A-Za-z]+)="([^"]*)"/g, " $1='$2'")
}

/** @param fold put before an element that has elements */
function indented(node: Shown, indent: string, fold: string): string {
  const isLeaf = node.content.every((child) => typeof child === "string")
  if (isLeaf) return `${indent}${fold === "" ? "" : "  "}${toXml(node)}\n`
  const start = toXml({ ...node, content: [] }).replace("/>", ">")
  const inner = node.content.map((child) =>
    typeof child === "object" && "name" in child ? indented(child, `${indent}  `, fold) : "",
  )
  return `${indent}${fold}${start}\n${inner.join("")}${indent}${fold === "" ? "" : "  "}</${node.name}>\n`
}

/** Raw XML of an event, for shapes that carry it as text. */
export const rawXml = ({ shown }: Facts): string => singleQuoted(shown)

export const namespaceOf = ({ shown }: Facts): string => attributeOf(shown, "xmlns")
