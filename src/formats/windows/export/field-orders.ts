/**
 * Names of an event's values where an export has the values alone, as PowerShell's objects do: those of the provider's
 * template, in its order. Taken only where an event of that number has so many values in one of its versions.
 * Source of truth: the templates in event logs of Windows 7 to 11 and Sysmon 5 to 15; learn.microsoft.com on each event.
 */

const SUBJECT = "SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId"
const TARGET = "TargetUserSid TargetUserName TargetDomainName TargetLogonId"
const ACCOUNT = `TargetUserName TargetDomainName TargetSid ${SUBJECT}`
const CALLER = "ProcessId ProcessName IpAddress IpPort"
const CREATED = `${SUBJECT} NewProcessId NewProcessName TokenElevationType ProcessId`
const PACKAGE = "LogonProcessName AuthenticationPackageName WorkstationName"
const LOGON = `${SUBJECT} ${TARGET} LogonType ${PACKAGE} LogonGuid TransmittedServices LmPackageName KeyLength ${CALLER}`
const LOGON_10 =
  "ImpersonationLevel RestrictedAdminMode TargetOutboundUserName TargetOutboundDomainName VirtualAccount TargetLinkedLogonId ElevatedToken"
const USER =
  "SamAccountName DisplayName UserPrincipalName HomeDirectory HomePath ScriptPath ProfilePath UserWorkstations PasswordLastSet AccountExpires PrimaryGroupId AllowedToDelegateTo OldUacValue NewUacValue UserAccountControl UserParameters SidHistory LogonHours"
const PACKET =
  "ProcessId Application Direction SourceAddress SourcePort DestAddress DestPort Protocol FilterRTID LayerName LayerRTID"
const BIND = "ProcessId Application SourceAddress SourcePort Protocol FilterRTID LayerName LayerRTID"
const STARTED = "UtcTime ProcessGuid ProcessId Image"
const FILE = "FileVersion Description Product Company"
const START_REST =
  "CommandLine CurrentDirectory User LogonGuid LogonId TerminalSessionId IntegrityLevel Hashes ParentProcessGuid ParentProcessId ParentImage ParentCommandLine"
const CONNECTED =
  "UtcTime ProcessGuid ProcessId Image User Protocol Initiated SourceIsIpv6 SourceIp SourceHostname SourcePort SourcePortName DestinationIsIpv6 DestinationIp DestinationHostname DestinationPort DestinationPortName"
const LOOKUP = "RuleName UtcTime ProcessGuid ProcessId QueryName QueryStatus QueryResults Image"
const SCRIPT = "MessageNumber MessageTotal ScriptBlockText ScriptBlockId"

type Orders = Readonly<Record<number, readonly string[]>>

const SECURITY: Orders = {
  4624: [LOGON, `${LOGON} ImpersonationLevel`, `${LOGON} ${LOGON_10}`],
  4625: [
    `${SUBJECT} TargetUserSid TargetUserName TargetDomainName Status FailureReason SubStatus LogonType ${PACKAGE} TransmittedServices LmPackageName KeyLength ${CALLER}`,
  ],
  4634: [`${TARGET} LogonType`],
  4647: [TARGET],
  4648: [
    `${SUBJECT} LogonGuid TargetUserName TargetDomainName TargetServerName TargetInfo ${CALLER}`,
    `${SUBJECT} LogonGuid TargetUserName TargetDomainName TargetLogonGuid TargetServerName TargetInfo ${CALLER}`,
  ],
  4672: [`${SUBJECT} PrivilegeList`],
  4688: [
    CREATED,
    `${CREATED} CommandLine`,
    `${CREATED} CommandLine ${TARGET}`,
    `${CREATED} CommandLine ${TARGET} ParentProcessName MandatoryLabel`,
  ],
  4689: [`${SUBJECT} Status ProcessId ProcessName`],
  4720: [`${ACCOUNT} PrivilegeList ${USER}`],
  4722: [ACCOUNT],
  4723: [`${ACCOUNT} PrivilegeList`],
  4724: [ACCOUNT],
  4725: [ACCOUNT],
  4726: [`${ACCOUNT} PrivilegeList`],
  4776: ["PackageName TargetUserName Workstation Status"],
  5152: [PACKET],
  5154: [BIND],
  5155: [BIND],
  5156: [PACKET, `${PACKET} RemoteUserID RemoteMachineID`],
  5157: [PACKET, `${PACKET} RemoteUserID RemoteMachineID`],
  5158: [BIND],
  5159: [BIND],
}
const SYSMON: Orders = {
  1: [
    `${STARTED} ${START_REST}`,
    `RuleName ${STARTED} ${FILE} ${START_REST}`,
    `RuleName ${STARTED} ${FILE} OriginalFileName ${START_REST}`,
    `RuleName ${STARTED} ${FILE} OriginalFileName ${START_REST} ParentUser`,
  ],
  3: [CONNECTED, `RuleName ${CONNECTED}`],
  5: [STARTED, `RuleName ${STARTED}`, `RuleName ${STARTED} User`],
  22: [LOOKUP, `${LOOKUP} User`],
}
const POWERSHELL: Orders = { 4104: [SCRIPT, `${SCRIPT} Path`] }

const PROVIDERS: readonly (readonly [provider: string, orders: Orders])[] = [
  ["Microsoft-Windows-Security-Auditing", SECURITY],
  ["Microsoft-Windows-Eventlog", { 1102: [SUBJECT] }],
  ["Microsoft-Windows-Sysmon", SYSMON],
  ["Microsoft-Windows-PowerShell", POWERSHELL],
  ["PowerShellCore", POWERSHELL],
]

/** `provider 4688 9`: the names. */
const ORDERS = new Map(
  PROVIDERS.flatMap(([provider, orders]) =>
    Object.entries(orders).flatMap(([eventId, lists]) =>
      (lists as readonly string[]).map((list) => {
        const names = list.split(" ")
        return [`${provider} ${eventId} ${names.length}`, names] as const
      }),
    ),
  ),
)

/** Names of the values of an event, in their order; undefined where they are not known for so many values. */
export function fieldOrder(provider: string, eventId: string, count: number): readonly string[] | undefined {
  return ORDERS.get(`${provider} ${eventId} ${count}`)
}
