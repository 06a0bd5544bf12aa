/**
 * The account that a capture goes on as, once its sockets and files are open: --user, else the owner of the database,
 * else nobody.
 */
import { readFileSync, statSync } from "node:fs"
import { type Account, findUser } from "../../../sources/native/accounts.ts"
import { UsageError } from "../../errors.ts"

const PASSWD = "/etc/passwd"
const NOBODY: Account = { uid: 65_534, gid: 65_534, name: "nobody" }

/**
 * undefined when nothing is dropped: the process is not root's, or is told to stay root.
 * @throws UsageError for an unknown --user
 */
export function chooseAccount(user: string | undefined, database: string): Account | undefined {
  if (process.geteuid?.() !== 0) return undefined
  const passwd = readFileSync(PASSWD, "utf8")
  if (user !== undefined) {
    const account = findUser(user, passwd)
    if (account === null) {
      throw new UsageError(`there is no user ${user}`, "--user takes a name or a number of /etc/passwd.")
    }
    return account.uid === 0 ? undefined : account
  }
  const owner = statSync(database, { throwIfNoEntry: false })
  if (owner !== undefined && owner.size > 0 && owner.uid !== 0) {
    return { uid: owner.uid, gid: owner.gid, name: String(owner.uid) }
  }
  return findUser("nobody", passwd) ?? NOBODY
}
