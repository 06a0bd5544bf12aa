/**
 * Fields that rows are made of, by the numbers under which tapes know their names. Windows has kept the names through
 * all versions of an event; positions and types have changed.
 * Source of truth: the event templates of Microsoft-Windows-Security-Auditing, -Sysmon, -PowerShell, -DNS-Client.
 */
import { NAMES } from "../../formats/windows/names.ts"

const of = (name: string): number => NAMES.intern(name)

export const FIELD = {
  application: of("Application"),
  commandLine: of("CommandLine"),
  currentDirectory: of("CurrentDirectory"),
  destAddress: of("DestAddress"),
  destPort: of("DestPort"),
  destinationIp: of("DestinationIp"),
  destinationPort: of("DestinationPort"),
  direction: of("Direction"),
  image: of("Image"),
  initiated: of("Initiated"),
  ipAddress: of("IpAddress"),
  ipPort: of("IpPort"),
  logonId: of("LogonId"),
  logonType: of("LogonType"),
  messageNumber: of("MessageNumber"),
  messageTotal: of("MessageTotal"),
  newProcessId: of("NewProcessId"),
  newProcessName: of("NewProcessName"),
  parentImage: of("ParentImage"),
  parentProcessId: of("ParentProcessId"),
  parentProcessName: of("ParentProcessName"),
  path: of("Path"),
  privilegeList: of("PrivilegeList"),
  processId: of("ProcessId"),
  /** As 5156 and 5157 spell it. */
  processID: of("ProcessID"),
  processName: of("ProcessName"),
  protocol: of("Protocol"),
  queryName: of("QueryName"),
  queryResults: of("QueryResults"),
  queryStatus: of("QueryStatus"),
  queryType: of("QueryType"),
  scriptBlockId: of("ScriptBlockId"),
  scriptBlockText: of("ScriptBlockText"),
  sourceAddress: of("SourceAddress"),
  sourceIp: of("SourceIp"),
  sourcePort: of("SourcePort"),
  status: of("Status"),
  subStatus: of("SubStatus"),
  subjectDomainName: of("SubjectDomainName"),
  subjectLogonId: of("SubjectLogonId"),
  subjectUserName: of("SubjectUserName"),
  targetDomainName: of("TargetDomainName"),
  targetLogonId: of("TargetLogonId"),
  targetServerName: of("TargetServerName"),
  targetUserName: of("TargetUserName"),
  user: of("User"),
  workstation: of("Workstation"),
  workstationName: of("WorkstationName"),
} as const
