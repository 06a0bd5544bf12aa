/**
 * What `return` says of a status. praudit(1) prints the message of the system it runs on, so that the same trail reads
 * differently on each; here it is always Linux's (glibc), with `Unknown error: N` for numbers that Linux does not have.
 */
import { errnoMessage } from "../../tables/names.ts"

/** Where Linux says it in other words than OpenBSM. */
const LINUX_WORDS = `\
6 No such device or address
16 Device or resource busy
18 Invalid cross-device link
19 No such device
34 Numerical result out of range
49 Disk quota exceeded
54 Invalid request code
58 Owner died
59 State not recoverable
66 Object is remote
69 Srmount error
79 Value too large for defined data type
80 Name not unique on network
81 File descriptor in bad state
83 Can not access a needed shared library
84 Accessing a corrupted shared library
86 Attempting to link in too many shared libraries
87 Cannot exec a shared library directly
88 Invalid or incomplete multibyte or wide character
91 Interrupted system call should be restarted
92 Streams pipe error
124 Address family not supported by protocol
126 Cannot assign requested address
133 Transport endpoint is already connected
134 Transport endpoint is not connected
143 Cannot send after transport endpoint shutdown
144 Too many references: cannot splice
145 Connection timed out
151 Stale file handle
`

/** Statuses that libbsm does not map to an error of Linux, besides those without a meaning. */
const NOT_ON_LINUX = [
  61, 62, 63, 72, 73, 128, 152, 190, 191, 192, 193, 194, 195, 196, 197, 198, 199, 200, 201, 202, 203, 204,
  205, 206, 207, 208, 209, 210, 223, 224, 225, 250,
]

/** By status 0 to 255: `success`, `failure : Permission denied`, `failure: Unknown error: 250`. */
export function returnTexts(): readonly Buffer[] {
  const words = new Map<number, string>()
  for (const line of LINUX_WORDS.trimEnd().split("\n")) {
    const blank = line.indexOf(" ")
    words.set(Number(line.slice(0, blank)), line.slice(blank + 1))
  }
  const isMissing = new Set(NOT_ON_LINUX)
  return Array.from({ length: 256 }, (_, status) => {
    if (status === 0) return Buffer.from("success")
    const message = isMissing.has(status) ? undefined : (words.get(status) ?? errnoMessage(status))
    return Buffer.from(message === undefined ? `failure: Unknown error: ${status}` : `failure : ${message}`)
  })
}
