/** Tracepoints as tracefs tells them: their numbers, and where their fields lie. Source: Documentation/trace/events.rst. */
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"

/** Where it is mounted, newer systems first. */
export const TRACEFS_PLACES = ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"] as const

/** The folder of all events; undefined when tracefs is not mounted. @throws NodeJS.ErrnoException when it is hidden */
export function findTracefs(places: readonly string[] = TRACEFS_PLACES): string | undefined {
  const found = places.find((place) => existsSync(join(place, "events")))
  return found === undefined ? undefined : join(found, "events")
}

/** undefined for a tracepoint that this kernel does not have. @throws NodeJS.ErrnoException when it may not be read */
export function tracepointId(events: string, tracepoint: string): number | undefined {
  const text = readOrNothing(join(events, tracepoint, "id"))
  return text === undefined ? undefined : Number(text)
}

/** Byte offset of a field: `field:pid_t pid;	offset:8;	size:4;	signed:1;` */
export function fieldOffset(events: string, tracepoint: string, field: string): number | undefined {
  const text = readOrNothing(join(events, tracepoint, "format")) ?? ""
  for (const line of text.split("\n")) {
    const [declaration = "", offset = ""] = line.trim().split(";")
    const name = declaration.split(" ").at(-1)?.split("[", 1)[0]
    if (name === field && declaration.startsWith("field:"))
      return Number(offset.trim().slice("offset:".length))
  }
  return undefined
}

function readOrNothing(path: string): string | undefined {
  try {
    return readFileSync(path, "latin1")
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined
    throw error
  }
}
