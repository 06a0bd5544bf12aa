/** The hands of `retrail doctor --fix`: the kernel's audit, and the note that says whose it is to put back. */
import { AuditControl } from "../../../sources/audit/control.ts"
import type { KernelState, StateControl } from "../../../sources/audit/kernel-state.ts"
import { openAuditSocket } from "../../../sources/audit/netlink.ts"
import { StateFile } from "../../../sources/audit/state-file.ts"

export interface Claim {
  markRestored(): void
  close(): void
}

export interface KernelRepair {
  readonly control: StateControl
  /**
   * Takes the socket's registration from an owner that is gone, and gives it up.
   * @throws NativeError EEXIST when the owner is alive after all
   */
  clearOwner(): void
  /**
   * Makes the note this process's, so that no capture begins meanwhile, and that it stays true if we are killed.
   * @throws StateFileError when a capture has begun
   */
  claim(target: KernelState): Claim
  close(): void
}

const BUFFER_BYTES = 256 * 1024

/** The caller closes it. @throws NativeError */
export function openRepair(): KernelRepair {
  const open = () => openAuditSocket({ multicast: false, receiveBufferBytes: BUFFER_BYTES })
  const control = new AuditControl(open())
  return {
    control,
    clearOwner: () => {
      const socket = open()
      try {
        control.registerReader(socket)
        control.release()
      } finally {
        socket.close()
      }
    },
    claim: (target) => StateFile.create(target),
    close: () => control.close(),
  }
}
