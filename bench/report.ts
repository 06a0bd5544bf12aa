/** docs/performance.md has several authors: each replaces its own part and leaves the others alone. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"

/** In the order of the page; the first part has the page's title. */
const HEADINGS = {
  saved: "",
  windows: "## Windows event logs\n",
  macos: "## macOS and FreeBSD\n",
  perf: "## Recordings of perf\n",
  live: "## Live capture\n",
} as const
type Part = keyof typeof HEADINGS
const PARTS: readonly Part[] = ["saved", "windows", "macos", "perf", "live"]

/** @param text of the part, without the heading that begins it */
export function writePart(path: string, part: Part, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  const known = existsSync(path) ? readFileSync(path, "utf8") : ""
  const parts = PARTS.map((one) => {
    return one === part ? `${HEADINGS[one]}\n${text}`.trim() : partOf(known, one).trim()
  })
  const page = parts.filter((one) => one !== "").join("\n\n")
  writeFileSync(path, `${page}\n`)
}

function partOf(page: string, part: Part): string {
  const start = HEADINGS[part] === "" ? 0 : page.indexOf(HEADINGS[part])
  if (start < 0) return ""
  const ends = PARTS.map((one) => (HEADINGS[one] === "" ? -1 : page.indexOf(HEADINGS[one])))
  return page.slice(start, Math.min(page.length, ...ends.filter((end) => end > start)))
}
