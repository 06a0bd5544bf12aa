/** Finds an account in the text of a passwd file. Source of truth: passwd(5). */

export interface Account {
  readonly uid: number
  readonly gid: number
  readonly name: string
}

const HIGHEST_ID = 0xfffffffe

/** By name, else by number; null when the file has no such account. Lines of another form are passed over. */
export function findUser(user: string | number, passwdText: string): Account | null {
  const accounts = passwdText.split("\n").flatMap((line) => parseLine(line) ?? [])
  const named = accounts.find(({ name }) => name === user)
  return named ?? accounts.find(({ uid }) => String(uid) === String(user)) ?? null
}

/** `name:password:uid:gid:…` */
function parseLine(line: string): Account | null {
  const [name = "", , uid = "", gid = ""] = line.split(":")
  if (name === "" || !isId(uid) || !isId(gid)) return null
  return { uid: Number(uid), gid: Number(gid), name }
}

function isId(text: string): boolean {
  return /^\d{1,10}$/.test(text) && Number(text) <= HIGHEST_ID
}
