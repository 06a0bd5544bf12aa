/** What a message can tell, as numbers of slots: every shape fills the same ones, rows are made from nothing else. */

/** Of a process; the second process of a message has the same ones from `OTHER` on. */
const PROCESS_NUMBERS = [
  ...[
    "pid",
    "pidVersion",
    "parent",
    "originalParent",
    "group",
    "session",
    "responsible",
    "responsibleVersion",
  ],
  ...["parentVersion", "auid", "euid", "ruid", "egid", "rgid", "auditSession", "signFlags", "isPlatform"],
] as const
const PROCESS_TEXTS = ["path", "signingId", "teamId", "cdhash", "tty", "userName"] as const

const EVENT_NUMBERS = [
  ...["version", "sequence", "globalSequence", "eventNumber", "waitStatus", "exitCode", "errno"],
  // Of the program that exec starts.
  ...["mode", "ownerUid", "ownerGid", "accessed", "modified", "changed", "born"],
  ...["family", "protocol", "localPort", "remotePort", "descriptor"],
] as const
const EVENT_TEXTS = [
  ...["cwd", "file", "newFile", "localAddress", "remoteAddress", "socketPath", "commandLine"],
] as const

/** Slots of the first process; `+ OTHER.number` and `+ OTHER.text` make those of the second. */
export const PROCESS = Object.fromEntries(PROCESS_NUMBERS.map((name, slot) => [name, slot])) as Readonly<
  Record<(typeof PROCESS_NUMBERS)[number], number>
>

export const PROCESS_TEXT = Object.fromEntries(PROCESS_TEXTS.map((name, slot) => [name, slot])) as Readonly<
  Record<(typeof PROCESS_TEXTS)[number], number>
>

export const OTHER = { number: PROCESS_NUMBERS.length, text: PROCESS_TEXTS.length } as const

export const EVENT = Object.fromEntries(
  EVENT_NUMBERS.map((name, slot) => [name, slot + 2 * PROCESS_NUMBERS.length]),
) as Readonly<Record<(typeof EVENT_NUMBERS)[number], number>>

export const EVENT_TEXT = Object.fromEntries(
  EVENT_TEXTS.map((name, slot) => [name, slot + 2 * PROCESS_TEXTS.length]),
) as Readonly<Record<(typeof EVENT_TEXTS)[number], number>>

export const NUMBER_SLOTS = 2 * PROCESS_NUMBERS.length + EVENT_NUMBERS.length
export const TEXT_SLOTS = 2 * PROCESS_TEXTS.length + EVENT_TEXTS.length
