/**
 * The kernel's untrusted strings: in quotes as they are, else upper-case hex of the bytes.
 * Source of truth: kernel/audit.c (audit_log_untrustedstring), audit-userspace lib/audit_logging.c.
 *
 *   "bash"   62617368   (null)
 */
import { bytesOfText } from "../../../base/text.ts"
import { isUpperHex } from "./number.ts"
import { quickText } from "./quick-text.ts"

/** The text of an encoded value; undefined when it is neither a closed quote nor whole bytes of hex. */
export function decodeEncoded(raw: string): string | undefined {
  if (raw.charCodeAt(0) === 0x22) {
    const close = raw.indexOf('"', 1)
    return close < 0 ? undefined : raw.slice(1, close)
  }
  const bytes = decodeHex(raw)
  return bytes === undefined ? undefined : quickText(bytes, 0, bytes.length)
}

/** The bytes of upper-case hex; undefined when it is anything else, or half a byte is missing. */
export function decodeHex(raw: string): Buffer | undefined {
  return (raw.length & 1) === 0 && isUpperHex(raw) ? Buffer.from(raw, "hex") : undefined
}

/** Writes text as the kernel would: quoted where every byte is printable ASCII other than the quote, else hex. */
export function encodeUntrusted(text: string): string {
  const bytes = bytesOfText(text)
  for (const byte of bytes) {
    if (byte === 0x22 || byte < 0x21 || byte > 0x7e) return bytes.toString("hex").toUpperCase()
  }
  return `"${text}"`
}
