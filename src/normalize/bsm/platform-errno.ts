/**
 * Errors of return tokens as the errno of the system that wrote the trail: BSM has numbers of its own, so that EAGAIN
 * is 11 in a trail and 35 on macOS and FreeBSD.
 * DEVIATION(osquery): errno-of-the-system: osquery shows the BSM number.
 * Source of truth: sys/errno.h of XNU and of FreeBSD.
 */
import type { BsmPlatform } from "../../formats/bsm/tables/events.ts"
import { errnoName } from "../../formats/bsm/tables/names.ts"

/** Where BSM, macOS and FreeBSD agree, but for 11. */
const LAST_COMMON = 34
const EAGAIN = 11

/** From 35 on, the same on both. */
const BSD =
  "EAGAIN EINPROGRESS EALREADY ENOTSOCK EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT EPROTONOSUPPORT " +
  "ESOCKTNOSUPPORT ENOTSUP EPFNOSUPPORT EAFNOSUPPORT EADDRINUSE EADDRNOTAVAIL ENETDOWN ENETUNREACH ENETRESET " +
  "ECONNABORTED ECONNRESET ENOBUFS EISCONN ENOTCONN ESHUTDOWN ETOOMANYREFS ETIMEDOUT ECONNREFUSED ELOOP " +
  "ENAMETOOLONG EHOSTDOWN EHOSTUNREACH ENOTEMPTY EPROCLIM EUSERS EDQUOT ESTALE EREMOTE EBADRPC ERPCMISMATCH " +
  "EPROGUNAVAIL EPROGMISMATCH EPROCUNAVAIL ENOLCK ENOSYS EFTYPE EAUTH ENEEDAUTH"
/** From 82 on. */
const MACOS =
  "EPWROFF EDEVERR EOVERFLOW EBADEXEC EBADARCH ESHLIBVERS EBADMACHO ECANCELED EIDRM ENOMSG EILSEQ ENOATTR EBADMSG " +
  "EMULTIHOP ENODATA ENOLINK ENOSR ENOSTR EPROTO ETIME EOPNOTSUPP EPOLICY ENOTRECOVERABLE EOWNERDEAD EQFULL"
const FREEBSD =
  "EIDRM ENOMSG EOVERFLOW ECANCELED EILSEQ ENOATTR EDOOFUS EBADMSG EMULTIHOP ENOLINK EPROTO ENOTCAPABLE ECAPMODE " +
  "ENOTRECOVERABLE EOWNERDEAD EINTEGRITY"

const EDEADLK: readonly [string, number] = ["EDEADLK", 11]
const COMMON = [...numbered(BSD, 35), EDEADLK]
const NUMBERS: Readonly<Record<Exclude<BsmPlatform, "solaris">, ReadonlyMap<string, number>>> = {
  macos: new Map([...COMMON, ...numbered(MACOS, 82)]),
  freebsd: new Map([...COMMON, ...numbered(FREEBSD, 82), ["EOPNOTSUPP", 45]]),
  unknown: new Map(COMMON),
}

/** The errno of a BSM error; the BSM number itself where the system has no number for it, as on Solaris for all. */
export function errnoOf(status: number, platform: BsmPlatform): number {
  if (platform === "solaris" || (status <= LAST_COMMON && status !== EAGAIN)) return status
  return NUMBERS[platform].get(errnoName(status) ?? "") ?? status
}

function numbered(names: string, first: number): [name: string, number: number][] {
  return names.split(" ").map((name, at) => [name, first + at])
}
