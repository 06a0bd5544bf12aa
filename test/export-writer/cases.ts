/** One and the same stretch of events in every shape in which events are handed over. */

import { stringify } from "yaml"
import type { EvtxCase, IntendedRow } from "../evtx-writer/cases/case.ts"
import { LOGON_CASES } from "../evtx-writer/cases/logons.ts"
import { NETWORK_CASES } from "../evtx-writer/cases/network.ts"
import { PROCESS_CASES } from "../evtx-writer/cases/processes.ts"
import { SYSMON_CASES } from "../evtx-writer/cases/sysmon.ts"
import type { EvtxRecord } from "../evtx-writer/chunk.ts"
import {
  evtxDumpJson,
  evtxDumpLines,
  evtxDumpSeparate,
  evtxDumpXml,
  evtxEcmdCsv,
  evtxEcmdJson,
  velociraptor,
} from "./evtx-tools.ts"
import { type Facts, factsOf } from "./facts.ts"
import { convertToJson5, convertToJson7, exportClixml } from "./powershell.ts"
import {
  detections,
  flat,
  nxlog,
  osqueryResults,
  osqueryRows,
  sentinel,
  splunk,
  wazuh,
  winlogbeat6,
  winlogbeat7,
} from "./shippers.ts"
import { copiedXml, pythonXml, viewerXml, wevtutilXml } from "./xml-shapes.ts"

export interface ExportCase {
  /** Below corpus/windows-export. */
  readonly folder: string
  readonly shows: string
  readonly input: string
  /** "none": not to be recognised. */
  readonly variant: string
  readonly bytes: Buffer
  readonly events: readonly Facts[]
}

/** The cases whose events the tour goes through, in its order. */
const STOPS: readonly (readonly [readonly EvtxCase[], string])[] = [
  [PROCESS_CASES, "/process-created-v1"],
  [PROCESS_CASES, "/process-lives"],
  [LOGON_CASES, "/logons"],
  [NETWORK_CASES, "/filtering-platform"],
  [SYSMON_CASES, "/sysmon-process-lives"],
  [NETWORK_CASES, "/sysmon-network"],
]
const caseOf = (cases: readonly EvtxCase[], folder: string): EvtxCase | undefined =>
  cases.find((one) => one.folder.endsWith(folder))
const recordsOf = (cases: readonly EvtxCase[], folder: string): readonly EvtxRecord[] =>
  caseOf(cases, folder)?.file.records.map(({ record }) => record) ?? []

/** Events whose fields all stand in EventData. */
const TOUR: readonly EvtxRecord[] = STOPS.flatMap(([cases, folder]) => recordsOf(cases, folder))

/** What any shape gives: rows of the tables that are not windows_events, without the number that some shapes lose. */
export const TOUR_ROWS: readonly IntendedRow[] = STOPS.flatMap(
  ([cases, folder]) => caseOf(cases, folder)?.rows ?? [],
)
  .filter(({ table }) => table !== "windows_events")
  .map(({ table, columns: { record_id, ...kept } }) => ({ table, columns: kept }))

const plain = TOUR.map(factsOf)
/** With one whose fields stand in UserData. */
const all = [...plain, ...recordsOf(LOGON_CASES, "/log-cleared").slice(0, 1).map(factsOf)]

const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, "utf16le")

function make(
  name: string,
  variant: string,
  shows: string,
  ending: string,
  content: string | Buffer,
  events: readonly Facts[] = plain,
): ExportCase {
  const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : content
  return { folder: `windows-10/${name}`, shows, input: `input.${ending}`, variant, bytes, events }
}

export const EXPORT_CASES: readonly ExportCase[] = [
  make(
    "wevtutil",
    "xml",
    "wevtutil /f:xml: events back to back, in single quotes.",
    "xml",
    wevtutilXml(all),
    all,
  ),
  make(
    "wevtutil-utf16",
    "xml",
    "The same redirected by PowerShell 5: UTF-16.",
    "xml",
    utf16(wevtutilXml(all)),
    all,
  ),
  make(
    "wevtutil-bare-utf16",
    "xml",
    "UTF-16 without a byte order mark.",
    "xml",
    utf16(wevtutilXml(all)).subarray(2),
    all,
  ),
  make(
    "wevtutil-1252",
    "xml",
    "Redirected by cmd.exe: text in code page 1252.",
    "xml",
    Buffer.from(wevtutilXml(all), "latin1"),
    all,
  ),
  make("viewer", "xml", "Event Viewer, Save as XML, with texts.", "xml", viewerXml(all), all),
  make("viewer-copy", "xml", "Copied from the XML tab of the old viewer.", "txt", copiedXml(all), all),
  make("python-evtx", "xml", "python-evtx: times with a blank, padded numbers.", "xml", pythonXml(all), all),
  make(
    "evtx-dump-xml",
    "xml",
    "evtx_dump: a line and a declaration before every event.",
    "xml",
    evtxDumpXml(all),
    all,
  ),
  make(
    "powershell-5",
    "powershell-json",
    "ConvertTo-Json of PowerShell 5: UTF-16, times in milliseconds.",
    "json",
    utf16(convertToJson5(plain)),
  ),
  make("powershell-7", "powershell-json", "ConvertTo-Json of PowerShell 7.", "json", convertToJson7(plain)),
  make("clixml", "clixml", "Export-Clixml: UTF-16.", "xml", utf16(exportClixml(plain))),
  make("evtx-dump", "evtx-dump-json", "evtx_dump -o jsonl.", "jsonl", evtxDumpLines(all), all),
  make(
    "evtx-dump-json",
    "evtx-dump-json",
    "evtx_dump -o json: a line before every object.",
    "json",
    evtxDumpJson(all),
    all,
  ),
  make(
    "evtx-dump-separate",
    "evtx-dump-json",
    "evtx_dump --separate-json-attributes.",
    "jsonl",
    evtxDumpSeparate(all),
    all,
  ),
  make(
    "evtxecmd-csv",
    "evtxecmd-csv",
    "EvtxECmd --csv: the fields are a JSON text in the last column.",
    "csv",
    evtxEcmdCsv(plain),
  ),
  make("evtxecmd-json", "evtxecmd-json", "EvtxECmd --json.", "json", evtxEcmdJson(plain)),
  make(
    "velociraptor",
    "velociraptor-json",
    "Velociraptor: times in seconds, numbers beyond 2^53.",
    "json",
    velociraptor(plain),
  ),
  make("osquery-rows", "osquery-json", "Rows of osquery's windows_events.", "json", osqueryRows(plain)),
  make("osquery-results", "osquery-json", "The same in osquery's results log.", "log", osqueryResults(plain)),
  make(
    "winlogbeat-8",
    "winlogbeat-json",
    "Winlogbeat from 7 on: all below winlog.",
    "json",
    winlogbeat7(plain),
  ),
  make("winlogbeat-6", "winlogbeat-json", "Winlogbeat before 7.", "json", winlogbeat6(plain)),
  make(
    "nxlog",
    "nxlog-json",
    "NXLog of a host five hours behind: local times without a zone.",
    "json",
    nxlog(plain, -5),
  ),
  make("flat", "flat-json", "Flat objects with TimeCreated and SourceName.", "json", flat(plain)),
  make(
    "sentinel",
    "sentinel-json",
    "Microsoft Sentinel: the fields are XML within JSON.",
    "json",
    sentinel(plain),
  ),
  make("splunk", "splunk-json", "Splunk: the event's XML as _raw.", "json", splunk(all), all),
  make("wazuh", "wazuh-json", "Wazuh: names begin with lower-case letters.", "json", wazuh(plain)),
  make(
    "detections",
    "none",
    "Findings of hayabusa: no events, not to be read as such.",
    "jsonl",
    detections(plain),
    [],
  ),
]

export function exportMeta({ shows, variant, events }: ExportCase): string {
  const counted = variant === "none" ? {} : { records: events.length, events: events.length }
  const how = "written by test/export-writer from the events of corpus/evtx"
  return stringify({ shows, origin: "built", how, variant, ...counted })
}
