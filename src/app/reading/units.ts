/** What a record is in the bytes of a variant, for queues that count them. */
import { FRAME_HEADER_BYTES, MAX_FRAME_BYTES, RAW_HEADER_BYTES } from "../../formats/perf-ring/raw-file.ts"
import type { FrameShape, UnitKind } from "../../sources/unit-cutter.ts"

/** The length before each netlink message. */
const NETLINK_FRAMES: FrameShape = { headerBytes: 4, lengthAt: 0 }
/** auditd's struct audit_dispatcher_header. */
const PLUGIN_FRAMES: FrameShape = { headerBytes: 16, lengthAt: 12 }
/** The frames of our own raw copies of BPF records. */
const CAPTURE_FRAMES: FrameShape = {
  headerBytes: FRAME_HEADER_BYTES,
  lengthAt: 0,
  fileHeaderBytes: RAW_HEADER_BYTES,
  padBytes: 8,
  maxBytes: MAX_FRAME_BYTES,
}

export function linuxAuditUnits(variant: string): UnitKind {
  if (variant === "netlink") return NETLINK_FRAMES
  return variant === "audisp-binary" ? PLUGIN_FRAMES : "lines"
}

export function ringUnits(variant: string): UnitKind {
  return variant === "capture" ? CAPTURE_FRAMES : "lines"
}
