/** Asks this machine's kernel for its audit, and reads what captures noted. Changes nothing. Source: netlink(7). */
import { AuditControl } from "../../../sources/audit/control.ts"
import { openAuditSocket } from "../../../sources/audit/netlink.ts"
import { readStateFile } from "../../../sources/audit/state-file.ts"
import { hasCode, NativeError } from "../../../sources/native/native-error.ts"
import { type KernelView, type LeftView, WANTED_BUFFER_BYTES } from "./kernel-view.ts"

export function askKernel(): KernelView {
  try {
    const socket = openAuditSocket({ multicast: false, receiveBufferBytes: WANTED_BUFFER_BYTES })
    const control = new AuditControl(socket)
    try {
      // The kernel doubles what it is asked for, to pay for its own bookkeeping.
      const bufferBytes = Math.floor(socket.receiveBufferBytes / 2)
      return { kind: "asked", status: control.status(), rules: control.listRules(), bufferBytes }
    } finally {
      control.close()
    }
  } catch (error) {
    return { kind: kindOf(error) }
  }
}

export function lookForLeft(): LeftView {
  try {
    return readStateFile()
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : ""
    return { state: code === "EACCES" || code === "EPERM" ? "unknown" : "untrusted" }
  }
}

function kindOf(error: unknown): Exclude<KernelView["kind"], "asked"> {
  // ECONNREFUSED is what a process in a container's namespaces gets.
  if (hasCode(error, "EPERM", "EACCES", "ECONNREFUSED")) return "refused"
  if (hasCode(error, "EPROTONOSUPPORT", "EAFNOSUPPORT")) return "absent"
  if (hasCode(error, "UNSUPPORTED")) return "unsupported"
  if (hasCode(error, "LOAD")) return "unloadable"
  if (error instanceof NativeError) return "silent"
  throw error
}
