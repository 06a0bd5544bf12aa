/** User and group numbers by name, from the evidence alone: this machine's accounts are never asked. */
import type { Accounts } from "./context.ts"

/** (uid_t)-1: no login session, or no change. */
const UNSET = 0xffffffff

/** The user's name, or `unset`; undefined when the evidence gives none. */
export function userName(uid: number, accounts: Accounts): string | undefined {
  return uid === UNSET ? "unset" : accounts.users?.get(uid)
}

/** The group's name, or `unset`; undefined when the evidence gives none. */
export function groupName(gid: number, accounts: Accounts): string | undefined {
  return gid === UNSET ? "unset" : accounts.groups?.get(gid)
}
