/**
 * Events that programs report of accounts: what happened in the words that Linux has for it, whose name the row has,
 * and what stands before the record's own text.
 * Source of truth: OpenBSM etc/audit_event for the numbers; libaudit.h for the words.
 */

export interface UserKind {
  readonly eventType: string
  readonly label: string
  /** Whose name counts when the text names nobody: that of the login, or that of the process. */
  readonly account: "login" | "process"
}

const of = (eventType: string, label: string, account: UserKind["account"] = "login"): UserKind => {
  return { eventType, label, account }
}

export const OPENSSH = 32_800
/** The text is the account's name. */
export const AUTHENTICATED_BY_SERVER: ReadonlySet<number> = new Set([7003, 45_026])

export const USER_KINDS: ReadonlyMap<number, UserKind> = new Map<number, UserKind>([
  [6152, of("USER_LOGIN", "login")],
  [6153, of("USER_LOGOUT", "logout")],
  [6154, of("USER_LOGIN", "telnet login")],
  [6155, of("USER_LOGIN", "rlogin")],
  [6158, of("USER_LOGIN", "rsh access")],
  [6159, of("USER_AUTH", "su", "process")],
  [6162, of("USER_LOGIN", "rexec")],
  [6163, of("USER_CHAUTHTOK", "passwd", "process")],
  [6164, of("USER_LOGIN", "rexd")],
  [6165, of("USER_LOGIN", "ftp login")],
  [6160, of("SYSTEM_SHUTDOWN", "system halt", "process")],
  [6161, of("SYSTEM_SHUTDOWN", "system reboot", "process")],
  [6168, of("SYSTEM_SHUTDOWN", "system shutdown", "process")],
  [6169, of("SYSTEM_SHUTDOWN", "system poweroff", "process")],
  [6171, of("USER_LOGOUT", "ftp logout")],
  [6172, of("USER_LOGIN", "ssh login")],
  [6173, of("USER_LOGIN", "role login")],
  [6207, of("ADD_USER", "create user", "process")],
  [6208, of("USER_MGMT", "modify user", "process")],
  [6209, of("DEL_USER", "delete user", "process")],
  [6210, of("ACCT_LOCK", "disable user", "process")],
  [6211, of("ACCT_UNLOCK", "enable user", "process")],
  [6212, of("CHGRP_ID", "newgrp", "process")],
  [6213, of("USER_AUTH", "administrator login")],
  [6300, of("USER_CMD", "sudo", "process")],
  [6501, of("USER_CHAUTHTOK", "modify password", "process")],
  [6511, of("ADD_GROUP", "create group", "process")],
  [6512, of("DEL_GROUP", "delete group", "process")],
  [6513, of("GRP_MGMT", "modify group", "process")],
  [6514, of("GRP_MGMT", "add to group", "process")],
  [6515, of("GRP_MGMT", "remove from group", "process")],
  [6600, of("USER_LOGIN", "loginwindow login")],
  [6601, of("USER_LOGOUT", "loginwindow logout")],
  [7000, of("USER_AUTH", "user authentication")],
  [7001, of("AUTHORIZATION", "security server connection")],
  [7002, of("AUTHORIZATION", "authorization")],
  [7003, of("USER_AUTH", "authentication")],
  [OPENSSH, of("USER_LOGIN", "OpenSSH")],
  [44_901, of("USER_START", "session start")],
  [44_902, of("SESSION_UPDATE", "session update")],
  [44_903, of("USER_END", "session end")],
  [44_904, of("SESSION_CLOSE", "session close")],
  [45_014, of("USER_CHAUTHTOK", "modify password", "process")],
  [45_015, of("ADD_GROUP", "create group", "process")],
  [45_016, of("DEL_GROUP", "delete group", "process")],
  [45_017, of("GRP_MGMT", "modify group", "process")],
  [45_018, of("GRP_MGMT", "add to group", "process")],
  [45_019, of("GRP_MGMT", "remove from group", "process")],
  [45_021, of("USER_LOGIN", "loginwindow login")],
  [45_022, of("USER_LOGOUT", "loginwindow logout")],
  [45_023, of("USER_AUTH", "user authentication")],
  [45_024, of("AUTHORIZATION", "security server connection")],
  [45_025, of("AUTHORIZATION", "authorization")],
  [45_026, of("USER_AUTH", "authentication")],
  [45_027, of("USER_CMD", "calife", "process")],
  [45_028, of("USER_CMD", "sudo", "process")],
  [45_030, of("AUTHORIZATION", "authorization mechanism")],
])

/** The right that unlocks the screen: who is granted it, or refused, stands before a locked one. */
export const SCREEN_RIGHT = "system.login.screensaver"
export const SCREEN_UNLOCK = "SCREEN_UNLOCK"

/** Argument "sflags" of session events. Source of truth: XNU bsd/bsm/audit_session.h. */
export const SESSION_FLAGS: readonly (readonly [bit: number, name: string])[] = [
  [0x1, "initial"],
  [0x10, "graphic access"],
  [0x20, "tty"],
  [0x1000, "remote"],
  [0x2000, "console access"],
  [0x4000, "authenticated"],
]
