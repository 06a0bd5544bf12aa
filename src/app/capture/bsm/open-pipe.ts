/** Opens the audit pipe, or says in plain words why it cannot be had. Source of truth: auditpipe(4), auditd(8). */
import { AUDIT_PIPE, type AuditPipeDevice, openAuditPipe } from "../../../sources/auditpipe/device.ts"
import { PipeReader, type PipeReading } from "../../../sources/auditpipe/reader/pipe-reader.ts"
import { hasCode, NativeError } from "../../../sources/native/native-error.ts"
import { FailedError, PermissionError } from "../../errors.ts"
import { howToEnable } from "./how-to-enable.ts"

/** The system as a capture sees it, so that tests can be any. */
export interface BsmSystem {
  readonly platform: string
  /** @throws NativeError */
  open(): AuditPipeDevice
  /** @param pauseMs how long the reader waits when nobody takes what it has read */
  read(descriptor: number, pauseMs: number): PipeReading
}

export const THIS_SYSTEM: BsmSystem = {
  platform: process.platform,
  open: openAuditPipe,
  read: (descriptor, pauseMs) => new PipeReader(descriptor, pauseMs),
}

const ELSEWHERE = "--from PATH reads a FIFO or a trail that grows, --from - stdin."

/** @throws RetrailError */
export function openPipe({ platform, open }: BsmSystem): AuditPipeDevice {
  if (platform !== "darwin" && platform !== "freebsd") {
    const own = platform === "linux" ? " retrail capture audit reads this kernel's own audit." : ""
    throw new FailedError(`there is no audit pipe on ${platform}`, `${ELSEWHERE}${own}`)
  }
  try {
    return open()
  } catch (error) {
    throw describePipeError(error, platform)
  }
}

/** What is no NativeError is returned as it is. */
export function describePipeError(error: unknown, platform: string): unknown {
  if (hasCode(error, "EPERM", "EACCES"))
    return new PermissionError(
      `no permission to open ${AUDIT_PIPE}`,
      "Run it as root: sudo retrail capture bsm …",
    )
  if (hasCode(error, "ENOENT", "ENXIO", "ENODEV", "ENOSYS"))
    return new FailedError(`${AUDIT_PIPE} cannot be opened: auditing is off`, howToEnable(platform))
  if (hasCode(error, "EBUSY", "EMFILE", "ENFILE"))
    return new FailedError(
      `all audit pipes are in use (${error.code})`,
      "End another program that reads one.",
    )
  if (error instanceof NativeError) return new FailedError(error.message, ELSEWHERE)
  return error
}
