/** The shapes in which Windows events are handed over: one variant of the format each. */

export type Shape =
  | "xml"
  | "clixml"
  | "powershell-json"
  | "evtx-dump-json"
  | "evtxecmd-csv"
  | "csv"
  | "evtxecmd-json"
  | "velociraptor-json"
  | "osquery-json"
  | "winlogbeat-json"
  | "nxlog-json"
  | "flat-json"
  | "sentinel-json"
  | "splunk-json"
  | "wazuh-json"

export const SHAPE_TITLES: Readonly<Record<Shape, string>> = {
  xml: "Windows events: XML (wevtutil, Event Viewer)",
  clixml: "Windows events: PowerShell (Export-Clixml)",
  "powershell-json": "Windows events: PowerShell (ConvertTo-Json)",
  "evtx-dump-json": "Windows events: JSON (evtx_dump)",
  "evtxecmd-csv": "Windows events: CSV (EvtxECmd)",
  csv: "Windows events: CSV",
  "evtxecmd-json": "Windows events: JSON (EvtxECmd)",
  "velociraptor-json": "Windows events: JSON (Velociraptor)",
  "osquery-json": "Windows events: JSON (osquery windows_events)",
  "winlogbeat-json": "Windows events: JSON (Winlogbeat)",
  "nxlog-json": "Windows events: JSON (NXLog)",
  "flat-json": "Windows events: JSON (flat)",
  "sentinel-json": "Windows events: JSON (Microsoft Sentinel)",
  "splunk-json": "Windows events: JSON (Splunk)",
  "wazuh-json": "Windows events: JSON (Wazuh)",
}
