/** Events as agents and servers of a fleet hand them on. */
import { type Facts, fieldRecord, json, timeWith } from "./facts.ts"
import { rawXml } from "./xml-shapes.ts"

const lines = (events: readonly Facts[], make: (facts: Facts) => unknown): string =>
  events.map((facts) => `${json(make(facts))}\n`).join("")

/** Texts are what Windows has for keywords; Sysmon's have none. */
const keywordTexts = ({ channel }: Facts) => (channel === "Security" ? { keywords: ["Audit Success"] } : {})

export function winlogbeat7(events: readonly Facts[]): string {
  return lines(events, (facts) => ({
    "@timestamp": timeWith(facts, 3),
    event: {
      code: String(facts.eventId),
      provider: facts.provider,
      kind: "event",
      action: "Process Creation",
    },
    host: { name: facts.computer },
    log: { level: "information" },
    message: "A message.",
    winlog: {
      channel: facts.channel,
      event_id: String(facts.eventId),
      record_id: facts.recordId,
      provider_name: facts.provider,
      provider_guid: facts.guid,
      computer_name: facts.computer,
      version: facts.version,
      task: "Process Creation",
      opcode: "Info",
      ...keywordTexts(facts),
      api: "wineventlog",
      process: { pid: facts.processId, thread: { id: facts.threadId } },
      ...(facts.userSid === "" ? {} : { user: { identifier: facts.userSid } }),
      event_data: fieldRecord(facts),
    },
    agent: { type: "winlogbeat", version: "8.13.0" },
  }))
}

export function winlogbeat6(events: readonly Facts[]): string {
  return lines(events, (facts) => ({
    "@timestamp": timeWith(facts, 3),
    beat: { name: "web-1", hostname: "web-1", version: "6.8.0" },
    type: "wineventlog",
    log_name: facts.channel,
    source_name: facts.provider,
    provider_guid: facts.guid,
    event_id: facts.eventId,
    record_number: String(facts.recordId),
    computer_name: facts.computer,
    version: facts.version,
    level: "Information",
    task: "Process Creation",
    opcode: "Info",
    ...keywordTexts(facts),
    process_id: facts.processId,
    thread_id: facts.threadId,
    event_data: fieldRecord(facts),
    message: "A message.",
  }))
}

/** @param zoneHours of the host's clock, which EventTime follows without saying so */
export function nxlog(events: readonly Facts[], zoneHours: number): string {
  return lines(events, (facts) => {
    const local = new Date(Date.parse(timeWith(facts, 3)) + zoneHours * 3_600_000)
    return {
      EventTime: local.toISOString().slice(0, 19).replace("T", " "),
      Hostname: facts.computer,
      Keywords: BigInt.asIntN(64, facts.keywords),
      EventType: "AUDIT_SUCCESS",
      SeverityValue: 2,
      Severity: "INFO",
      EventID: facts.eventId,
      SourceName: facts.provider,
      ProviderGuid: facts.guid,
      Version: facts.version,
      Task: facts.task,
      OpcodeValue: facts.opcode,
      RecordNumber: facts.recordId,
      ExecutionProcessID: facts.processId,
      ThreadID: facts.threadId,
      Channel: facts.channel,
      Message: "A message.",
      Category: "Process Creation",
      Opcode: "Info",
      ...fieldRecord(facts),
      EventReceivedTime: local.toISOString().slice(0, 19).replace("T", " "),
      SourceModuleName: "eventlog",
      SourceModuleType: "im_msvistalog",
      "@timestamp": timeWith(facts, 3),
      "@version": "1",
      host: "collector-1",
      port: 61_041,
      tags: ["demo"],
    }
  })
}

export function flat(events: readonly Facts[]): string {
  return lines(events, (facts) => ({
    SourceName: facts.provider,
    ProviderGuid: facts.guid.toLowerCase(),
    Level: String(facts.level),
    Keywords: `0x${facts.keywords.toString(16)}`,
    Channel: facts.channel,
    Hostname: facts.computer,
    TimeCreated: timeWith(facts, 3),
    "@timestamp": timeWith(facts, 3),
    EventID: facts.eventId,
    Message: "A message.",
    Task: String(facts.task),
    ...fieldRecord(facts),
  }))
}

export function sentinel(events: readonly Facts[]): string {
  const escapeXml = (text: string) =>
    text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
  return lines(events, (facts) => {
    const data = facts.fields.map(({ name, text }) => `  <Data Name="${name}">${escapeXml(text)}</Data>\r\n`)
    return {
      TenantId: "00000000-1111-2222-3333-444444444444",
      TimeGenerated: timeWith(facts, 3),
      SourceSystem: "OpsManager",
      Computer: facts.computer,
      EventSourceName: facts.provider,
      Channel: facts.channel,
      Task: facts.task,
      Level: String(facts.level),
      EventData: `<EventData xmlns="http://schemas.microsoft.com/win/2004/08/events/event">\r\n${data.join("")}</EventData>`,
      EventID: facts.eventId,
      Activity: `${facts.eventId} - A message.`,
      EventRecordId: String(facts.recordId),
      Type: "SecurityEvent",
    }
  })
}

export function splunk(events: readonly Facts[]): string {
  return lines(events, (facts) => ({
    preview: false,
    result: {
      _raw: rawXml(facts),
      _time: `${timeWith(facts, 3).slice(0, -1)}+00:00`,
      host: "web-1",
      source: `XmlWinEventLog:${facts.channel}`,
      sourcetype: "XmlWinEventLog",
    },
  }))
}

export function wazuh(events: readonly Facts[]): string {
  const camel = (name: string) => name.slice(0, 1).toLowerCase() + name.slice(1)
  return lines(events, (facts) => ({
    timestamp: timeWith(facts, 3).replace("Z", "+0000"),
    rule: { level: 3, description: "A rule.", id: "60000" },
    agent: { id: "001", name: "web-1", ip: "192.0.2.10" },
    manager: { name: "collector-1" },
    data: {
      win: {
        system: {
          providerName: facts.provider,
          providerGuid: facts.guid.toLowerCase(),
          eventID: String(facts.eventId),
          version: String(facts.version),
          level: String(facts.level),
          task: String(facts.task),
          opcode: String(facts.opcode),
          keywords: `0x${facts.keywords.toString(16)}`,
          systemTime: facts.time,
          eventRecordID: String(facts.recordId),
          processID: String(facts.processId),
          threadID: String(facts.threadId),
          channel: facts.channel,
          computer: facts.computer,
          severityValue: "AUDIT_SUCCESS",
          message: '"A message."',
        },
        eventdata: fieldRecord(facts, ({ name }) => camel(name)),
      },
    },
    location: "EventChannel",
  }))
}

function osqueryColumns(facts: Facts): Readonly<Record<string, string>> {
  return {
    time: String(Math.floor(Date.parse(timeWith(facts, 3)) / 1000) + 2),
    datetime: facts.time,
    source: facts.channel,
    provider_name: facts.provider,
    provider_guid: facts.guid,
    computer_name: facts.computer,
    eventid: String(facts.eventId),
    task: String(facts.task),
    level: String(facts.level),
    keywords: `0x${facts.keywords.toString(16)}`,
    data: json({ EventData: fieldRecord(facts) }).replaceAll("/", "\\/"),
  }
}

/** `osqueryi --json` */
export function osqueryRows(events: readonly Facts[]): string {
  return `[\n${events.map((facts) => `  ${json(osqueryColumns(facts))}`).join(",\n")}\n]\n`
}

export function osqueryResults(events: readonly Facts[]): string {
  return lines(events, (facts) => ({
    name: "pack_demo_windows_events",
    hostIdentifier: "web-1",
    calendarTime: "Wed Mar  4 05:07:00 2026 UTC",
    unixTime: 1_772_600_820,
    epoch: 0,
    counter: 1,
    numerics: false,
    columns: osqueryColumns(facts),
    action: "added",
  }))
}

/** Findings of a rule engine, which are no events. */
export function detections(events: readonly Facts[]): string {
  return lines(events, (facts) => ({
    Timestamp: timeWith(facts, 3),
    RuleTitle: "Process Created",
    Level: "info",
    Computer: facts.computer,
    Channel: facts.channel,
    EventID: facts.eventId,
    RecordID: facts.recordId,
    Details: { Cmdline: "app.exe --serve" },
  }))
}
