/** Reads files of the writer with libevtx's evtxexport, a parser that shares nothing with it. */
import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Parser } from "xml2js"
import type { Shown } from "../../evtx-writer/intended.ts"

export const HAS_EVTXEXPORT = spawnSync("evtxexport", ["-V"], { stdio: "ignore" }).error === undefined

interface ParsedNode {
  readonly "#name": string
  readonly $?: Readonly<Record<string, string>>
  readonly _?: string
  readonly $$?: readonly ParsedNode[]
}

/** The events in the file's order; throws with what evtxexport said when it gave up. */
export async function runEvtxexport(bytes: Buffer): Promise<Shown[]> {
  const folder = mkdtempSync(join(tmpdir(), "retrail-evtx-"))
  try {
    const path = join(folder, "case.evtx")
    writeFileSync(path, bytes)
    const { stdout, stderr } = spawnSync("evtxexport", ["-f", "xml", path], { encoding: "utf8" })
    if (/Unable to export/.test(stdout + stderr)) throw new Error(stderr.split("\n")[0])
    const events = stdout.slice(Math.max(0, stdout.indexOf("<Event")))
    const parser = new Parser({ explicitChildren: true, preserveChildrenOrder: true, charsAsChildren: true })
    const root: { readonly Events: ParsedNode } = await parser.parseStringPromise(
      `<Events>${events.replaceAll(/<\?.*?\?>/g, "")}</Events>`,
    )
    return (root.Events.$$ ?? []).map(shownOf).filter((node) => typeof node !== "string")
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function shownOf(node: ParsedNode): Shown | string {
  if (node["#name"] === "__text__") return node._ ?? ""
  const content = (node.$$ ?? []).map(shownOf)
  return { name: node["#name"], attributes: Object.entries(node.$ ?? {}), content }
}

/** Forms that libevtx prints otherwise, brought to what Windows prints: hexadecimal without padding, 7 digits of time. */
export function asWindows(node: Shown): Shown {
  return {
    name: node.name,
    attributes: node.attributes.map(([name, value]) => [name, unify(value)] as const),
    content: node.content.flatMap((child): (Shown | string)[] => {
      if (typeof child === "string") return child.trim() === "" ? [] : [unify(child)]
      return "target" in child ? [] : [asWindows(child)]
    }),
  }
}

function unify(text: string): string {
  return text.replace(/^0x0*(?=[0-9a-f])/, "0x").replace(/(\.\d{3,7})0*Z$/, "$1Z")
}
