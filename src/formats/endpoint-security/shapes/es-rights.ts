/**
 * Rights of the authorization database that were asked for, and what became of it.
 * Source of truth: Apple's ESMessage.h, es_event_authorization_petition_t and _judgement_t.
 */

import { textOfBytes } from "../../../base/text.ts"
import { JsonTape } from "../json/json-tape.ts"
import { KEY } from "../json/keys.ts"
import { numberOf, stringOf } from "../json/node-values.ts"
import { forStrings } from "../json/string-items.ts"
import type { Facts } from "./user-words.ts"

const SHOWN_RIGHTS = 20

/** null for any other event. */
export function authorizationFacts(tape: JsonTape, node: number, key: number): Facts | null {
  if (key === KEY.authorization_petition) {
    const rights = rightsAsked(tape, tape.find(node, KEY.rights))
    return { word: "AUTHORIZATION", done: `rights asked for${listOf(rights)}`, username: "" }
  }
  if (key !== KEY.authorization_judgement) return null
  const code = numberOf(tape, tape.find(node, KEY.return_code))
  const rights = listOf(rightsJudged(tape, tape.find(node, KEY.results)))
  return {
    word: "AUTHORIZATION",
    done: `rights granted${rights}`,
    failed: `rights refused${rights}`,
    about: code === 0 || Number.isNaN(code) ? "" : `(code ${code})`,
    username: "",
    result: Number.isNaN(code) ? "" : code === 0 ? "success" : "failed",
  }
}

function listOf(rights: readonly string[]): string {
  return rights.length === 0 ? "" : `: ${rights.slice(0, SHOWN_RIGHTS).join(" ")}`
}

function rightsAsked(tape: JsonTape, list: number): string[] {
  const rights: string[] = []
  if (!tape.isArray(list)) return rights
  forStrings(tape, list, (start, end) => {
    if (rights.length < SHOWN_RIGHTS) rights.push(textOfBytes(tape.bytes, start, end).replaceAll("\\/", "/"))
  })
  return rights
}

/** `[{"right_name":"system.preferences","rule_class":0,"granted":true}]` */
function rightsJudged(tape: JsonTape, list: number): string[] {
  const rights: string[] = []
  if (!tape.isArray(list)) return rights
  const inner = new JsonTape()
  inner.isLenient = true
  if (inner.parse(tape.bytes, tape.start(list), tape.end(list)) !== "end") return rights
  const end = inner.next(0)
  for (let item = 1; item < end && rights.length < SHOWN_RIGHTS; item = inner.next(item)) {
    const name = stringOf(inner, inner.find(item, KEY.right_name))
    if (name !== "") rights.push(name)
  }
  return rights
}
