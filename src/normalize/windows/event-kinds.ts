/**
 * What an event is about, by its provider and its number; a provider's name that is missing is taken from the channel.
 * Source of truth: the manifests of the providers; learn.microsoft.com "Appendix L: Events to Monitor".
 */
import { NAMES } from "../../formats/windows/names.ts"

export type EventKind =
  | "process-created"
  | "process-ended"
  | "sysmon-process"
  | "sysmon-process-ended"
  | "filtered"
  | "sysmon-connection"
  | "user"
  | "script"
  | "sysmon-lookup"
  | "lookup"

const SECURITY: readonly (readonly [EventKind, readonly number[]])[] = [
  ["process-created", [4688]],
  ["process-ended", [4689]],
  ["filtered", [5152, 5154, 5155, 5156, 5157, 5158, 5159]],
  ["user", [4624, 4625, 4634, 4647, 4648, 4672, 4720, 4722, 4723, 4724, 4725, 4726, 4776]],
]
const POWERSHELL: typeof SECURITY = [["script", [4104]]]

const PROVIDERS: readonly (readonly [provider: string, channel: string, kinds: typeof SECURITY])[] = [
  ["Microsoft-Windows-Security-Auditing", "Security", SECURITY],
  ["Microsoft-Windows-Eventlog", "", [["user", [1102]]]],
  [
    "Microsoft-Windows-Sysmon",
    "Microsoft-Windows-Sysmon/Operational",
    [
      ["sysmon-process", [1]],
      ["sysmon-connection", [3]],
      ["sysmon-process-ended", [5]],
      ["sysmon-lookup", [22]],
    ],
  ],
  ["Microsoft-Windows-PowerShell", "Microsoft-Windows-PowerShell/Operational", POWERSHELL],
  ["PowerShellCore", "PowerShellCore/Operational", POWERSHELL],
  [
    "Microsoft-Windows-DNS-Client",
    "Microsoft-Windows-DNS-Client/Operational",
    [["lookup", [3006, 3008, 3020]]],
  ],
]

type Kinds = ReadonlyMap<number, EventKind>

const kindsOf = (kinds: typeof SECURITY): Kinds =>
  new Map(kinds.flatMap(([kind, ids]) => ids.map((id) => [id, kind] as const)))

const BY_PROVIDER = new Map(PROVIDERS.map(([name, , kinds]) => [NAMES.intern(name), kindsOf(kinds)] as const))
const BY_CHANNEL = new Map(PROVIDERS.map(([, channel, kinds]) => [channel, kindsOf(kinds)] as const))

/** @param provider number of its name in `NAMES` */
export function kindOf(provider: number, eventId: number): EventKind | undefined {
  return BY_PROVIDER.get(provider)?.get(eventId)
}

/** For events that name no provider. */
export function kindOfChannel(channel: string, eventId: number): EventKind | undefined {
  return channel === "" ? undefined : BY_CHANNEL.get(channel)?.get(eventId)
}
