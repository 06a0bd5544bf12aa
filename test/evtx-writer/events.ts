/**
 * Events of the providers that matter most, with the fields and types that their templates have.
 * Source of truth: templates met in public logs; field names as Windows and Sysmon write them.
 */
import type { EvtxRecord } from "./chunk.ts"
import { type EventOptions, event, eventData } from "./event.ts"
import type { Value } from "./value.ts"

export const HOST = "web-1.contoso.example"
const AUDIT_SUCCESS = 0x8020000000000000n
const AUDIT_FAILURE = 0x8010000000000000n

/** Where and when: what an event has besides its own fields. */
export interface Circumstances {
  readonly recordId: number
  /** Seconds after 2026-03-04T05:06:00Z; the fraction is kept to seven digits. */
  readonly second: number
  readonly version?: number
  readonly headerId?: number
  readonly computer?: string
}

export type Fields = Readonly<Record<string, Value>>

export function timeAt(second: number): string {
  const whole = Math.floor(second)
  const fraction = Math.round((second - whole) * 1e7)
  const start = new Date(Date.UTC(2026, 2, 4, 5, 6, whole)).toISOString().slice(0, 19)
  return `${start}.${String(fraction).padStart(7, "0")}Z`
}

/** @param task category, 13312 process creation and so on */
export function securityEvent(
  eventId: number,
  task: number,
  circumstances: Circumstances,
  fields: Fields,
): EvtxRecord {
  return event({
    ...common(circumstances),
    provider: "Microsoft-Windows-Security-Auditing",
    providerGuid: "{54849625-5478-4994-A5BA-3E3B0328C30D}",
    eventId,
    task,
    keywords: eventId === 4625 ? AUDIT_FAILURE : AUDIT_SUCCESS,
    channel: "Security",
    payload: eventData(fields),
  })
}

export function sysmonEvent(eventId: number, circumstances: Circumstances, fields: Fields): EvtxRecord {
  return event({
    ...common(circumstances),
    provider: "Microsoft-Windows-Sysmon",
    providerGuid: "{5770385F-C22A-43E0-BF4C-06F5698FFBD9}",
    eventId,
    level: 4,
    task: eventId,
    keywords: 0x8000000000000000n,
    userSid: "S-1-5-18",
    channel: "Microsoft-Windows-Sysmon/Operational",
    payload: eventData(fields),
  })
}

export function powershellEvent(eventId: number, circumstances: Circumstances, fields: Fields): EvtxRecord {
  return event({
    ...common(circumstances),
    provider: "Microsoft-Windows-PowerShell",
    providerGuid: "{A0C1853B-5C40-4B15-8766-3CF1C58F985A}",
    eventId,
    level: 5,
    task: 2,
    opcode: 15,
    keywords: 0n,
    userSid: "S-1-5-21-1111-2222-3333-1001",
    channel: "Microsoft-Windows-PowerShell/Operational",
    payload: eventData(fields),
  })
}

/** An event of a provider of our own. */
export function demoEvent(circumstances: Circumstances, payload?: Value): EvtxRecord {
  return event({
    ...common(circumstances),
    provider: "Demo-Provider",
    providerGuid: "{0F1E2D3C-4B5A-6978-8796-A5B4C3D2E1F0}",
    eventId: 100,
    level: 4,
    keywords: 0x4000000000000000n,
    channel: "Demo/Operational",
    ...(payload === undefined ? {} : { payload }),
  })
}

export function common(circumstances: Circumstances): Pick<
  EventOptions,
  "time" | "recordId" | "version" | "computer" | "processId" | "threadId"
> & {
  headerId: bigint
} {
  return {
    time: timeAt(circumstances.second),
    recordId: BigInt(circumstances.recordId),
    headerId: BigInt(circumstances.headerId ?? circumstances.recordId),
    version: circumstances.version ?? 0,
    computer: circumstances.computer ?? HOST,
    processId: 632,
    threadId: 4120,
  }
}
