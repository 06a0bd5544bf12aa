/**
 * Names that the readers of exports look for or write. They have their numbers before any input is read: an input may
 * hold more names than `NAMES` takes, and must not keep these out.
 */
import { NAMES } from "../names.ts"

/** Stands for a name that the table does not take. */
export const UNNAMED = NAMES.intern("unnamed")

const WRITTEN = [
  "Event System Provider Name Guid EventSourceName EventID Qualifiers Version Level Task Opcode Keywords TimeCreated",
  "SystemTime EventRecordID Correlation ActivityID RelatedActivityID Execution ProcessID ThreadID Channel Computer",
  "Security UserID EventData UserData Data Binary RenderingInfo Message Keyword EventXML",
]
const SOUGHT = [
  "#attributes #text <xmlattr> Event_attributes Value value Properties Payload HiddenRecord RecordNumber data _raw _time",
  "SyslogMessage @timestamp EventReceivedTime UtcTime EventType StartAddress",
  "winlog event_data user_data xml_name log_name record_number record_id event_id source_name provider_name",
  "provider_guid computer_name process_id thread_id process pid thread id user identifier log level task opcode",
  "keywords version channel message activity_id related_activity_id",
  "win system eventdata providerName providerGuid eventSourceName eventID systemTime eventRecordID processID threadID",
  "computer userID severityValue",
]
for (const name of [...WRITTEN, ...SOUGHT].flatMap((names) => names.split(" "))) NAMES.intern(name)

/** Number of a name; that of a stand-in when the table does not take it. */
export function nameId(name: string): number {
  const id = NAMES.intern(name)
  return id < 0 ? UNNAMED : id
}
