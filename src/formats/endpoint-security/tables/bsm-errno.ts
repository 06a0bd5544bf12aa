/**
 * Error numbers of BSM records as macOS has them: BSM numbers errors alike for all systems.
 * Source of truth: OpenBSM bsm/audit_errno.h, XNU bsm/sys/errno.h.
 */

/** Those that differ: BSM's number, macOS'. */
const DIFFERENT: ReadonlyMap<number, number> = new Map([
  [11, 35], // EAGAIN
  [45, 11], // EDEADLK
  [47, 89], // ECANCELED
  [48, 45], // ENOTSUP
  [49, 69], // EDQUOT
  [78, 63], // ENAMETOOLONG
  [79, 84], // EOVERFLOW
  [89, 78], // ENOSYS
  [90, 62], // ELOOP
  [93, 66], // ENOTEMPTY
  [95, 38], // ENOTSOCK
  [96, 39], // EDESTADDRREQ
  [97, 40], // EMSGSIZE
  [98, 41], // EPROTOTYPE
  [99, 42], // ENOPROTOOPT
  [120, 43], // EPROTONOSUPPORT
  [122, 102], // EOPNOTSUPP
  [124, 47], // EAFNOSUPPORT
  [125, 48], // EADDRINUSE
  [126, 49], // EADDRNOTAVAIL
  [127, 50], // ENETDOWN
  [128, 51], // ENETUNREACH
  [130, 53], // ECONNABORTED
  [131, 54], // ECONNRESET
  [132, 55], // ENOBUFS
  [133, 56], // EISCONN
  [134, 57], // ENOTCONN
  [145, 60], // ETIMEDOUT
  [146, 61], // ECONNREFUSED
  [147, 64], // EHOSTDOWN
  [148, 65], // EHOSTUNREACH
  [149, 37], // EALREADY
  [150, 36], // EINPROGRESS
  [151, 70], // ESTALE
  [206, 85], // EBADEXEC
  [207, 86], // EBADARCH
  [209, 88], // EBADMACHO
  [210, 103], // EPOLICY
])

/** As it is when both number it alike, or no number of macOS is known for it. */
export function macosErrno(number: number): number {
  return DIFFERENT.get(number) ?? number
}
