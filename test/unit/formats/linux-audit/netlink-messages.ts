/** Walks a recording of the audit socket: [u32 length][16 bytes of nlmsghdr][payload], little endian, repeated. */
import type { AuditMessage } from "../../../../src/formats/linux-audit/auditd-line.ts"

export function* netlinkMessages(recording: Buffer): Iterable<AuditMessage> {
  for (let at = 0; at < recording.length; ) {
    const end = at + 4 + recording.readUInt32LE(at)
    yield { type: recording.readUInt16LE(at + 8), buffer: recording, start: at + 20, end }
    at = end
  }
}
