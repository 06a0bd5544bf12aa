/** docs/performance.md has two authors: each replaces its own part and leaves the other's alone. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"

const LIVE_HEADING = "## Live capture\n"

/** @param text of the part about saved logs, or of the one about live capture, whose heading begins it */
export function writePart(path: string, part: "saved" | "live", text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  const known = existsSync(path) ? readFileSync(path, "utf8") : ""
  const at = known.indexOf(LIVE_HEADING)
  const [saved, live] = at < 0 ? [known, ""] : [known.slice(0, at), known.slice(at)]
  const parts = part === "saved" ? [text, live] : [saved, `${LIVE_HEADING}\n${text}`]
  writeFileSync(
    path,
    `${parts
      .map((one) => one.trim())
      .join("\n\n")
      .trim()}\n`,
  )
}
