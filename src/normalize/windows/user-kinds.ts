/**
 * Events about accounts: what happened, whose name the row has and whose session.
 * Source of truth: learn.microsoft.com on the events of the numbers below; NTSTATUS values of [MS-ERREF] 2.3.1.
 */

export interface UserKind {
  readonly eventType: string
  /** Where the account concerned is named. */
  readonly account: "target" | "subject"
  /** Where the logon id is; a failed logon has none, the Subject's is that of the service that reports it. */
  readonly session: "target" | "subject" | "none"
  readonly message: string
  readonly failure: string
}

export const LOGON = 4624
export const LOGON_FAILED = 4625
export const EXPLICIT_CREDENTIALS = 4648
export const SPECIAL_PRIVILEGES = 4672
export const VALIDATION = 4776

const change = (eventType: string, message: string, failure: string): UserKind => {
  return { eventType, account: "target", session: "subject", message, failure }
}

export const USER_KINDS: ReadonlyMap<number, UserKind> = new Map<number, UserKind>([
  [
    LOGON,
    {
      eventType: "LOGON",
      account: "target",
      session: "target",
      message: "logged on",
      failure: "logon failed",
    },
  ],
  [
    LOGON_FAILED,
    {
      eventType: "LOGON",
      account: "target",
      session: "none",
      message: "logon failed",
      failure: "logon failed",
    },
  ],
  [
    4634,
    {
      eventType: "LOGOFF",
      account: "target",
      session: "target",
      message: "logged off",
      failure: "logoff failed",
    },
  ],
  [
    4647,
    {
      eventType: "LOGOFF",
      account: "target",
      session: "target",
      message: "logged off by the user",
      failure: "logoff failed",
    },
  ],
  [EXPLICIT_CREDENTIALS, change("EXPLICIT_CREDENTIALS", "credentials used", "credentials refused")],
  [
    SPECIAL_PRIVILEGES,
    {
      eventType: "SPECIAL_PRIVILEGES",
      account: "subject",
      session: "subject",
      message: "special privileges",
      failure: "special privileges refused",
    },
  ],
  [4720, change("USER_CREATED", "account created", "account not created")],
  [4722, change("USER_ENABLED", "account enabled", "account not enabled")],
  [4723, change("PASSWORD_CHANGE", "password changed", "password not changed")],
  [4724, change("PASSWORD_RESET", "password reset", "password not reset")],
  [4725, change("USER_DISABLED", "account disabled", "account not disabled")],
  [4726, change("USER_DELETED", "account deleted", "account not deleted")],
  [
    VALIDATION,
    {
      eventType: "CREDENTIAL_VALIDATION",
      account: "target",
      session: "none",
      message: "credentials validated",
      failure: "credentials refused",
    },
  ],
  [
    1102,
    {
      eventType: "LOG_CLEARED",
      account: "subject",
      session: "subject",
      message: "audit log cleared",
      failure: "audit log not cleared",
    },
  ],
])

export const LOGON_TYPES: ReadonlyMap<number, string> = new Map([
  [0, "System"],
  [2, "Interactive"],
  [3, "Network"],
  [4, "Batch"],
  [5, "Service"],
  [7, "Unlock"],
  [8, "NetworkCleartext"],
  [9, "NewCredentials"],
  [10, "RemoteInteractive"],
  [11, "CachedInteractive"],
  [12, "CachedRemoteInteractive"],
  [13, "CachedUnlock"],
])

/** Why a logon or a validation failed, by the low 32 bits of the status. */
export const FAILURES: ReadonlyMap<number, string> = new Map([
  [0xc000005e, "no logon servers"],
  [0xc0000064, "no such user"],
  [0xc000006a, "bad password"],
  [0xc000006d, "bad user name or authentication"],
  [0xc000006e, "account restriction"],
  [0xc000006f, "outside the logon hours"],
  [0xc0000070, "workstation not allowed"],
  [0xc0000071, "password expired"],
  [0xc0000072, "account disabled"],
  [0xc00000dc, "server in the wrong state"],
  [0xc0000133, "clocks differ too much"],
  [0xc000015b, "logon type not granted"],
  [0xc000018c, "trust relationship failed"],
  [0xc0000192, "logon service not started"],
  [0xc0000193, "account expired"],
  [0xc0000224, "password must be changed"],
  [0xc0000234, "account locked out"],
  [0xc0000413, "authentication firewall"],
])
