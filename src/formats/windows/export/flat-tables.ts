/**
 * Which member of a flat record is what: a place in System, a text for people, or an exporter's own. All others are
 * fields of the event.
 * Source of truth: NXLog reference manual (im_msvistalog fields); Azure Monitor tables SecurityEvent, WindowsEvent and
 * Event; EvtxECmd's CsvConfig; .NET EventLogRecord.
 */
import type { RenderedValues, SystemValues } from "./event-writer.ts"
import type { JsonShape } from "./shape-of.ts"

export type SystemSlot = keyof SystemValues
export type RenderedSlot = keyof RenderedValues

export interface FlatTable {
  /** By place: names in the order of preference. A name that loses is a field. */
  readonly system: Readonly<Partial<Record<SystemSlot, readonly string[]>>>
  readonly rendered: Readonly<Partial<Record<RenderedSlot, readonly string[]>>>
  /** The exporter's own. */
  readonly ignored: readonly string[]
  /** The exporter's own when the record has a `UserID`, which it looked them up for. */
  readonly ignoredBesideUser: readonly string[]
  /** Whether members without a place are fields of the event. */
  readonly hasFields: boolean
  /** Whether an empty member says that the event has no such field: tables with a column for every field there is. */
  readonly isWide: boolean
}

/** Added by Logstash and the collectors around it. */
const COLLECTOR = [
  "@version",
  "@timestamp",
  "host",
  "port",
  "tags",
  "type",
  "agent",
  "ecs",
  "input",
  "log",
  "message",
  "event_original",
  "_id",
  "_index",
  "_type",
  "_score",
]

const NXLOG: FlatTable = {
  system: {
    providerName: ["SourceName"],
    providerGuid: ["ProviderGuid"],
    eventId: ["EventID"],
    version: ["Version"],
    level: ["LevelValue", "EventTypeOrignal", "EventType"],
    task: ["Task", "TaskValue"],
    opcode: ["OpcodeValue"],
    keywords: ["Keywords"],
    time: ["EventTime"],
    recordId: ["RecordNumber"],
    activityId: ["ActivityID"],
    relatedActivityId: ["RelatedActivityID"],
    processId: ["ExecutionProcessID"],
    threadId: ["ExecutionThreadID", "ThreadID"],
    channel: ["Channel"],
    computer: ["Hostname"],
    userId: ["UserID"],
  },
  rendered: { message: ["Message", "message"], level: ["Severity"], task: ["Category"], opcode: ["Opcode"] },
  ignored: [
    ...COLLECTOR,
    "EventReceivedTime",
    "SourceModuleName",
    "SourceModuleType",
    "SeverityValue",
    "MessageSourceAddress",
  ],
  ignoredBesideUser: ["Domain", "AccountName", "AccountType"],
  hasFields: true,
  isWide: false,
}

const FLAT: FlatTable = {
  system: {
    providerName: ["SourceName", "Provider_Name", "ProviderName", "Provider"],
    providerGuid: ["ProviderGuid", "Provider_Guid"],
    eventId: ["EventID"],
    qualifiers: ["Qualifiers"],
    version: ["Version"],
    level: ["Level"],
    task: ["Task"],
    opcode: ["OpcodeValue", "Opcode"],
    keywords: ["Keywords"],
    time: ["TimeCreated", "SystemTime", "EventTime", "@timestamp", "_time"],
    recordId: ["EventRecordID", "RecordNumber", "RecordId", "RecordID"],
    activityId: ["ActivityID"],
    relatedActivityId: ["RelatedActivityID"],
    processId: ["ExecutionProcessID", "Execution_ProcessID"],
    threadId: ["ExecutionThreadID", "Execution_ThreadID"],
    channel: ["Channel", "LogName"],
    computer: ["Computer", "Hostname", "ComputerName", "MachineName"],
    userId: ["Security_UserID", "UserSID", "UserID"],
  },
  rendered: { message: ["Message", "message"], level: ["LevelDisplayName"], task: ["TaskDisplayName"] },
  ignored: [...COLLECTOR, "EventReceivedTime", "SeverityValue"],
  ignoredBesideUser: [],
  hasFields: true,
  isWide: false,
}

const SENTINEL: FlatTable = {
  system: {
    providerName: ["EventSourceName", "Provider", "Source"],
    eventId: ["EventID"],
    version: ["Version"],
    level: ["Level", "EventLevel"],
    task: ["Task", "EventCategory"],
    opcode: ["Opcode"],
    keywords: ["Keywords"],
    time: ["TimeCreated", "TimeGenerated"],
    recordId: ["EventRecordId"],
    processId: ["SystemProcessId"],
    threadId: ["SystemThreadId"],
    channel: ["Channel", "EventLog"],
    computer: ["Computer"],
    userId: ["SystemUserId"],
  },
  rendered: { message: ["RenderedDescription", "Message"], level: ["EventLevelName"], task: ["Activity"] },
  ignored: [
    ..."TenantId TimeGenerated TimeCreated SourceSystem SourceComputerId EventOriginId MG ManagementGroupName".split(
      " ",
    ),
    ..."TimeCollected Type Account AccountType Process PartitionKey RowKey StorageAccount AzureDeploymentID".split(
      " ",
    ),
    ..."AzureTableName Role AzureOperationName OperationName Correlation Data RawEventData UserName".split(
      " ",
    ),
    ..."ParameterXml _ResourceId _ItemId _SubscriptionId _IsBillable _BilledSize _Internal_WorkspaceResourceId".split(
      " ",
    ),
  ],
  ignoredBesideUser: [],
  hasFields: true,
  isWide: true,
}

const EVTXECMD: FlatTable = {
  system: {
    providerName: ["Provider"],
    eventId: ["EventId"],
    level: ["Level"],
    keywords: ["Keywords"],
    time: ["TimeCreated"],
    recordId: ["EventRecordId"],
    processId: ["ProcessId"],
    threadId: ["ThreadId"],
    channel: ["Channel"],
    computer: ["Computer"],
    userId: ["UserId"],
  },
  rendered: {},
  ignored: [],
  ignoredBesideUser: [],
  hasFields: false,
  isWide: true,
}

const POWERSHELL: FlatTable = {
  system: {
    providerName: ["ProviderName"],
    providerGuid: ["ProviderId"],
    eventId: ["Id"],
    qualifiers: ["Qualifiers"],
    version: ["Version"],
    level: ["Level"],
    task: ["Task"],
    opcode: ["Opcode"],
    keywords: ["Keywords"],
    time: ["TimeCreated"],
    recordId: ["RecordId"],
    activityId: ["ActivityId"],
    relatedActivityId: ["RelatedActivityId"],
    processId: ["ProcessId"],
    threadId: ["ThreadId"],
    channel: ["LogName"],
    computer: ["MachineName"],
    userId: ["UserId"],
  },
  rendered: {
    message: ["Message"],
    level: ["LevelDisplayName"],
    task: ["TaskDisplayName"],
    opcode: ["OpcodeDisplayName"],
    keywords: ["KeywordsDisplayNames"],
  },
  ignored: [],
  ignoredBesideUser: [],
  hasFields: false,
  isWide: true,
}

const OSQUERY: FlatTable = {
  system: {
    providerName: ["provider_name"],
    providerGuid: ["provider_guid"],
    eventId: ["eventid"],
    level: ["level"],
    task: ["task"],
    keywords: ["keywords"],
    time: ["datetime"],
    processId: ["pid"],
    threadId: ["tid"],
    channel: ["channel", "source"],
    computer: ["computer_name"],
  },
  rendered: {},
  ignored: [],
  ignoredBesideUser: [],
  hasFields: false,
  isWide: true,
}

export const FLAT_TABLES: ReadonlyMap<JsonShape, FlatTable> = new Map([
  ["nxlog-json", NXLOG],
  ["flat-json", FLAT],
  ["sentinel-json", SENTINEL],
  ["evtxecmd-json", EVTXECMD],
  ["powershell-json", POWERSHELL],
  ["osquery-json", OSQUERY],
])
