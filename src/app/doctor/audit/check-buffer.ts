/** Room for records between kernel and capture. Sources: socket(7) (SO_RCVBUFFORCE, rmem_max). */
import { sizeText } from "../../output/amounts.ts"
import { type Check, type Machine, noted, ok, warned } from "../check.ts"
import type { AuditFacts } from "./audit-facts.ts"
import { WANTED_BUFFER_BYTES } from "./kernel-view.ts"

const WANTED = sizeText(WANTED_BUFFER_BYTES)
const FIX = `sysctl -w net.core.rmem_max=${WANTED_BUFFER_BYTES} allows it.`

export function checkBuffer(machine: Machine, { kernel }: AuditFacts): Check {
  if (kernel.kind === "asked") {
    const { bufferBytes } = kernel
    if (bufferBytes >= WANTED_BUFFER_BYTES) return ok("socket buffer", `${WANTED}, as a capture wants it`)
    return warned("socket buffer", `${sizeText(bufferBytes)} of the ${WANTED} that a capture wants`, FIX)
  }
  const most = machine.look("/proc/sys/net/core/rmem_max")
  const bytes = most.kind === "text" ? Number(most.text.trim() || Number.NaN) : Number.NaN
  if (!Number.isSafeInteger(bytes)) return noted("socket buffer", "unknown: net.core.rmem_max cannot be read")
  if (bytes >= WANTED_BUFFER_BYTES) return ok("socket buffer", `net.core.rmem_max allows ${sizeText(bytes)}`)
  const finding = `net.core.rmem_max allows ${sizeText(bytes)}; CAP_NET_ADMIN allows the ${WANTED} that a capture wants`
  return noted("socket buffer", finding)
}
