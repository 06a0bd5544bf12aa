/** User and group numbers by name, from the evidence alone: this machine's accounts are never asked. */
import type { Accounts } from "./context.ts"

/** (uid_t)-1: no login session, or no change. */
export const UNSET = 0xffffffff

/** The user's name, `unset`, or the number; undefined for NaN. */
export function userName(uid: number, accounts: Accounts): string | undefined {
  return accountName(uid, accounts.users)
}

/** The group's name, `unset`, or the number; undefined for NaN. */
export function groupName(gid: number, accounts: Accounts): string | undefined {
  return accountName(gid, accounts.groups)
}

function accountName(id: number, names: ReadonlyMap<number, string> | undefined): string | undefined {
  if (Number.isNaN(id)) return undefined
  return id === UNSET ? "unset" : (names?.get(id) ?? String(id))
}
