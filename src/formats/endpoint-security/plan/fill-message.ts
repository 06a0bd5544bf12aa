/** Fills the message of a plan from the values of the bytes that the plan keeps. */
import { appendUnescaped } from "../json/json-text.ts"
import { fillStrings } from "../json/string-items.ts"
import type { EsMessage } from "../message.ts"
import { MessageTime } from "../message-time.ts"
import { USE } from "../read-notes.ts"
import type { TextList } from "../text-list.ts"
import { type MessagePlan, VALUE, VALUE_OF } from "./message-plan.ts"

const time = new MessageTime()

/** Takes in a value of the plan; false when it is not what its slot is read from. */
export function fillValue(plan: MessagePlan, value: number): boolean {
  const { bytes, message } = plan
  const start = plan.starts[value] as number
  const end = plan.ends[value] as number
  const slot = plan.slots[value] as number
  switch (plan.uses[value]) {
    case USE.number:
      return fillNumber(message, slot, bytes, start, end)
    case USE.text:
      fillText(message, slot, bytes, start, end)
      return true
    case USE.hash:
      fillText(message, slot, bytes, start, end)
      message.lowerText(slot)
      return true
    case USE.seconds:
      if (!time.read(bytes, start + 1, end - 1)) return false
      message.setNumber(slot, time.sec)
      return true
    case USE.time:
      return fillTime(message, bytes, start, end)
    case USE.args:
    case USE.env:
      fillList(plan.uses[value] === USE.args ? message.args : message.env, bytes, start, end)
      return true
    case USE.folder:
      fillJoined(plan, value, plan.partners[value] as number)
      return true
    case USE.name:
      fillJoined(plan, plan.partners[value] as number, value)
      return true
    default:
      return true
  }
}

function fillNumber(message: EsMessage, slot: number, bytes: Buffer, start: number, end: number): boolean {
  switch (VALUE_OF[bytes[start] as number]) {
    case VALUE.number:
      return message.setDigits(slot, bytes, start, end)
    case VALUE.string:
      return message.setDigits(slot, bytes, start + 1, end - 1)
    case VALUE.null:
      return true
    default:
      message.setNumber(slot, VALUE_OF[bytes[start] as number] === VALUE.true ? 1 : 0)
      return true
  }
}

function fillText(message: EsMessage, slot: number, bytes: Buffer, start: number, end: number): void {
  if (VALUE_OF[bytes[start] as number] === VALUE.string) message.setTextOf(slot, bytes, start + 1, end - 1)
  else message.clearText(slot)
}

/** What is no list leaves it unknown. */
function fillList(list: TextList, bytes: Buffer, start: number, end: number): void {
  if (VALUE_OF[bytes[start] as number] === VALUE.list) fillStrings(bytes, start, end, list)
}

function fillTime(message: EsMessage, bytes: Buffer, start: number, end: number): boolean {
  if (!time.read(bytes, start + 1, end - 1)) return false
  message.sec = time.sec
  message.nsec = time.nsec
  return true
}

function fillJoined(plan: MessagePlan, folder: number, name: number): void {
  const { bytes, message, starts, ends } = plan
  const slot = plan.slots[folder] as number
  message.beginText(slot)
  appendUnescaped(bytes, (starts[folder] as number) + 1, (ends[folder] as number) - 1, message.arena)
  message.slashText(slot)
  appendUnescaped(bytes, (starts[name] as number) + 1, (ends[name] as number) - 1, message.arena)
  message.endText(slot)
}
