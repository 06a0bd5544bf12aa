/** Names of the numbers in BSM tokens, which are none of the system's own. Source: OpenBSM sys/bsm headers. */
import { DOMAIN_LINES } from "./domains.gen.ts"
import { ERRNO_LINES } from "./errno.gen.ts"
import { FCNTL_LINES } from "./fcntl.gen.ts"
import { ValueTable } from "./lines.ts"
import { SOCKET_TYPE_LINES } from "./socket-types.gen.ts"

const ERRNO = new ValueTable(ERRNO_LINES)
const DOMAINS = new ValueTable(DOMAIN_LINES)
const SOCKET_TYPES = new ValueTable(SOCKET_TYPE_LINES)
const FCNTL = new ValueTable(FCNTL_LINES)

/** `ENOENT` of a return token's status, `undefined` for a number that is none. */
export function errnoName(status: number): string | undefined {
  return ERRNO.find(status)?.name
}

/** `No such file or directory`, as OpenBSM says it. */
export function errnoMessage(status: number): string | undefined {
  return ERRNO.find(status)?.rest
}

/** `INET6` of a BSM_PF_ number. */
export function domainName(domain: number): string | undefined {
  return DOMAINS.find(domain)?.name
}

/** `STREAM` of a BSM_SOCK_ number. */
export function socketTypeName(type: number): string | undefined {
  return SOCKET_TYPES.find(type)?.name
}

/** `F_SETFL` of the "cmd" argument of fcntl. */
export function fcntlName(command: number): string | undefined {
  return FCNTL.find(command)?.name
}
