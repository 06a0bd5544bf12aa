/** Puts the sentence of an event about an account together, and knows those that change accounts and groups. */
import type { JsonTape } from "../json/json-tape.ts"
import { KEY } from "../json/keys.ts"
import { numberOf, stringOf } from "../json/node-values.ts"
import type { UserFacts } from "../message.ts"

export interface Facts {
  readonly word: string
  readonly done: string
  /** As `done` unless given. */
  readonly failed?: string
  readonly why?: string
  /** Kind of logon or of proof. */
  readonly how?: string
  readonly username: string
  readonly address?: string
  readonly session?: number
  /** Said at the end. */
  readonly about?: string
  readonly uid?: number
  readonly result?: UserFacts["result"]
}

/** `logon failed (ssh): bad password from 192.0.2.9` */
export function userFacts(facts: Facts): UserFacts {
  const { word, done, failed = done, why = "", how = "", address = "", about = "" } = facts
  const { username, result = "" } = facts
  let message = result === "failed" ? failed : done
  if (how !== "") message += ` (${how})`
  if (about !== "") message += ` ${about}`
  if (result === "failed" && why !== "") message += `: ${why}`
  if (address !== "") message += ` from ${address}`
  const session = facts.session ?? Number.NaN
  return {
    ...{ eventType: word, message, username, address, result, session },
    ...{
      logonType: word === "USER_LOGIN" || word === "USER_LOGOUT" ? how : "",
      uid: facts.uid ?? Number.NaN,
    },
  }
}

interface Change {
  readonly word: string
  readonly done: string
  readonly failed: string
  /** Which member names what is changed. */
  readonly name: number
}

const GROUP = KEY.group_name
const CHANGES: ReadonlyMap<number, Change> = new Map<number, Change>([
  change(KEY.od_create_user, "ADD_USER", "account created", "account not created", KEY.user_name),
  change(KEY.od_delete_user, "DEL_USER", "account deleted", "account not deleted", KEY.user_name),
  change(KEY.od_enable_user, "ACCT_UNLOCK", "account enabled", "account not enabled", KEY.user_name),
  change(KEY.od_disable_user, "ACCT_LOCK", "account disabled", "account not disabled", KEY.user_name),
  change(
    ...([KEY.od_modify_password, "USER_CHAUTHTOK", "password changed", "password not changed"] as const),
    KEY.account_name,
  ),
  change(KEY.od_create_group, "ADD_GROUP", "group created", "group not created", GROUP),
  change(KEY.od_delete_group, "DEL_GROUP", "group deleted", "group not deleted", GROUP),
  change(KEY.od_group_add, "GRP_MGMT", "member added to group", "member not added to group", GROUP),
  change(
    ...([KEY.od_group_remove, "GRP_MGMT", "member removed from group"] as const),
    ...(["member not removed from group", GROUP] as const),
  ),
  change(KEY.od_group_set, "GRP_MGMT", "members of group set", "members of group not set", GROUP),
  attribute(KEY.od_attribute_value_add, "value added to"),
  attribute(KEY.od_attribute_value_remove, "value removed from"),
  attribute(KEY.od_attribute_set, "values set of"),
])

function change(key: number, word: string, done: string, failed: string, name: number): [number, Change] {
  return [key, { word, done, failed, name }]
}

function attribute(key: number, what: string): [number, Change] {
  return change(key, "USER_MGMT", what, `not done: ${what}`, KEY.record_name)
}

const GROUP_RECORD = 1

/** od_* messages: error_code 0 is success. */
export function accountFacts(tape: JsonTape, node: number, key: number): Facts | null {
  const known = CHANGES.get(key)
  if (known === undefined) return null
  const text = (name: number): string => stringOf(tape, tape.find(node, name))
  const error = numberOf(tape, tape.find(node, KEY.error_code))
  const name = text(known.name)
  const isOfGroup = known.name === GROUP || numberOf(tape, tape.find(node, KEY.record_type)) === GROUP_RECORD
  const isAttribute = known.name === KEY.record_name
  const member = stringOf(tape, tape.find(tape.find(node, KEY.member), KEY.member_value))
  const what = isAttribute ? ` ${text(KEY.attribute_name)}` : isOfGroup ? ` ${name}` : ""
  const of = isAttribute && isOfGroup ? ` of group ${name}` : ""
  return {
    word: isAttribute && isOfGroup ? "GRP_MGMT" : known.word,
    done: `${known.done}${what}${of}`,
    failed: `${known.failed}${what}${of}`,
    why: Number.isNaN(error) ? "" : `error ${error}`,
    username: isOfGroup ? member : name,
    about: aboutChange(text(KEY.attribute_value), member, text(KEY.node_name)),
    result: Number.isNaN(error) ? "" : error === 0 ? "success" : "failed",
  }
}

function aboutChange(value: string, member: string, directory: string): string {
  const parts = [value === "" ? "" : `(${value})`, member === "" ? "" : `(${member})`]
  if (directory !== "") parts.push(`in ${directory}`)
  return parts.filter((part) => part !== "").join(" ")
}
