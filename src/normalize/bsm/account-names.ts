/**
 * The account that the text of a record names.
 *
 *   successful login alice                                              OpenSSH, login
 *   invalid password for user alice    invalid user name "alice"        OpenSSH
 *   bad su alice to root on /dev/pts/1                                  su: the account that is asked for
 *   Authentication for user <alice>                                     Open Directory
 *   Verify password for record type Users 'alice' node '/Local/Default' Open Directory
 *
 * Source of truth: OpenSSH audit-bsm.c; FreeBSD usr.bin/login/login_audit.c and usr.bin/su/su.c; texts in real trails.
 */
const NAMING: readonly RegExp[] = [
  /^(?:successful login|logout) (.+)$/s,
  /^invalid .+ for user (.+)$/s,
  /^invalid user name "(.*)"$/s,
  /^bad su \S+ to (\S+) on /,
  /record type Users '([^']+)'/,
  /^Authentication for user <(.+)>$/s,
]
/** Of a text that is looked at. */
const MOST_CHARACTERS = 1024

/** '' when the text names none. */
export function accountIn(text: string): string {
  const head = text.slice(0, MOST_CHARACTERS)
  for (const naming of NAMING) {
    const name = naming.exec(head)?.[1]
    if (name !== undefined) return name
  }
  return ""
}
