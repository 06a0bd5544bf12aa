/**
 * Events as slackhq/go-audit writes them.
 *
 *   {"sequence":1226433,"timestamp":"1459447820.317","messages":[{"type":1300,"data":"arch=…"}],"uid_map":{"0":"root"}}
 *
 * Source of truth: go-audit parser.go (AuditMessageGroup, AuditMessage).
 */
import type { EntrySink } from "./entry-sink.ts"
import { bytesOfJson, membersOf } from "./json-text.ts"

const STAMP = /^(\d{1,10})(?:\.(\d{1,9}))?$/

export function isGoAudit(members: ReadonlyMap<string, unknown>): boolean {
  return members.has("sequence") && Array.isArray(members.get("messages"))
}

/** Hands on one record a message. The sink has begun with the object. */
export function readGoAudit(members: ReadonlyMap<string, unknown>, sink: EntrySink): void {
  const { record } = sink
  const stamp = STAMP.exec(String(members.get("timestamp")))
  const sequence = members.get("sequence")
  const messages = members.get("messages")
  if (
    stamp === null ||
    typeof sequence !== "number" ||
    !Number.isInteger(sequence) ||
    !Array.isArray(messages)
  ) {
    sink.problem("bad-object", "error", "a go-audit event without time or sequence", {
      expected: '"sequence":1,"timestamp":"1459447820.317"',
    })
    return
  }
  let broken = 0
  for (const message of messages) {
    const fields = membersOf(message)
    const type = fields?.get("type")
    const text = fields?.get("data")
    if (typeof type !== "number" || !Number.isInteger(type) || type < 0 || typeof text !== "string") {
      broken++
      continue
    }
    record.type = type
    record.sec = Number(stamp[1])
    record.nsec = Number((stamp[2] ?? "").padEnd(9, "0"))
    record.serial = sequence >>> 0
    const body = bytesOfJson(text)
    sink.setBody(body, 0, body.length)
    sink.emit()
  }
  if (sink.emitted === 0) {
    sink.problem("bad-object", "error", "a go-audit event without any message")
    return
  }
  if (broken > 0)
    sink.problem("bad-object", "warning", `${broken} messages of a go-audit event lack type or data`)
}
