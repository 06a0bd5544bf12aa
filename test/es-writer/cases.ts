/** The cases of corpus/endpoint-security: what is written, by which writer, and what each shows. */
import { toJson, toLines } from "./message.ts"
import { numbered, session, userEvents } from "./session.ts"
import * as tools from "./tools.ts"

export interface EsCase {
  /** Below corpus/endpoint-security. */
  readonly folder: string
  readonly input: string
  readonly content: Buffer
  readonly variant: string
  readonly shows: string
}

const VERSIONS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
const SYSTEMS: Readonly<Record<number, string>> = {
  ...{ 1: "macos-10.15", 2: "macos-10.15", 3: "macos-10.15", 4: "macos-11", 5: "macos-11", 6: "macos-13" },
  ...{ 7: "macos-14", 8: "macos-15", 9: "macos-15", 10: "macos-26", 11: "macos-27" },
}

function made(
  folder: string,
  content: string | Buffer,
  variant: string,
  shows: string,
  ext = "ndjson",
): EsCase {
  return { folder, input: `input.${ext}`, content: Buffer.from(content), variant, shows }
}

const versions = VERSIONS.map((version) =>
  made(
    `${SYSTEMS[version]}/session-v${version}`,
    toLines(session(version)),
    "eslogger",
    `A session in message version ${version}: fork, exec, files, a signal, exit.`,
  ),
)

const lines = session(9).map((one) => toJson(one))
const [fork = "", exec = "", open = ""] = lines

const damaged = [
  made(
    "damaged/cut-line",
    `${fork}\n${exec.slice(0, 1500)}\n${open}\n`,
    "eslogger",
    "A line is cut off in its middle; the next one is whole.",
  ),
  made("damaged/cut-end", `${fork}\n${exec.slice(0, 1500)}`, "eslogger", "The file ends inside a message."),
  made(
    "damaged/foreign-lines",
    `not json\n\n${fork}\n{"schema_version":1}\n[]\nnull\n${open}\n`,
    "eslogger",
    "Lines of another kind stand between messages.",
  ),
  made(
    "damaged/gap",
    toLines(
      numbered(Array.from({ length: 6 }, () => ({ number: 33, name: "write", event: {} }))).filter(
        (_, at) => at !== 2 && at !== 3,
      ),
    ),
    "eslogger",
    "Two messages are missing: their numbers are.",
  ),
  made(
    "damaged/bad-bytes",
    Buffer.from(`${fork.replaceAll("zsh", "z\u00ffh")}\n`, "latin1"),
    "eslogger",
    "Paths hold bytes that are not UTF-8.",
  ),
  made(
    "damaged/wrong-type",
    toLines([{ ...(session(9)[0] as object), event_type: 9, time: "yesterday" }]),
    "eslogger",
    "The number of the event and its name disagree, and the time is none.",
  ),
]

const wrapped = [
  made(
    "eslogger/crlf-bom",
    `\ufeff${lines.join("\r\n")}\r\n`,
    "eslogger",
    "A byte order mark and lines that end with CR LF.",
  ),
  made(
    "eslogger/pretty",
    session(9)
      .map((one) => toJson(one, 2))
      .join("\n"),
    "eslogger",
    "Pretty printed objects, one behind the other.",
  ),
  made("eslogger/list", `[${lines.join(",\n")}]`, "eslogger", "One list.", "json"),
  made(
    "eslogger/users",
    toLines(userEvents(9)),
    "eslogger",
    "Logins, sessions, su, sudo, rights, accounts, unix sockets.",
  ),
  made(
    "eslogger/unusual",
    tools.unusual(),
    "eslogger",
    "A message that a client refused, and one of a kind that nobody knows yet.",
  ),
]

const shapes = [
  made(
    "tools/unified-log",
    tools.unifiedLog(),
    "oslog",
    "eslogger --oslog as log(1) shows it; the last message is cut.",
  ),
  made("tools/jamf-telemetry", tools.jamfTelemetry(), "jamf-telemetry", "Jamf's Device Telemetry Stream."),
  made("tools/jamf-bsm", tools.jamfBsm(), "jamf-bsm", "BSM records as JSON: Compliance Reporter."),
  made(
    "tools/mac-monitor",
    tools.macMonitor(),
    "mac-monitor",
    "Mac Monitor: pretty objects, times as objects.",
    "json",
  ),
  made("tools/mac-monitor-1", tools.macMonitor1(), "mac-monitor-1", "Mac Monitor's first export.", "json"),
  made(
    "tools/crescendo",
    tools.crescendo(),
    "crescendo",
    "Crescendo: one list, arguments as one text.",
    "json",
  ),
  made(
    "tools/objective-see",
    tools.objectiveSee(),
    "objective-see",
    "ProcessMonitor and FileMonitor, with backslashes that JSON does not allow.",
  ),
  made("tools/santa", tools.santa(), "santa", "Santa's telemetry: base64, signed ids."),
  made("tools/santa-log", tools.santaText(), "santa-text", "Santa's log.", "log"),
  made("tools/xnumon", tools.xnumon(), "xnumon", "xnumon's log: execs and sockets."),
]

export const ES_CASES: readonly EsCase[] = [...versions, ...damaged, ...wrapped, ...shapes]

export function esMeta({ shows, variant }: EsCase): string {
  return `shows: ${shows.includes(": ") ? JSON.stringify(shows) : shows}\norigin: built\nhow: written by test/es-writer\nvariant: ${variant}\n`
}
