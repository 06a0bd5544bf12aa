/**
 * Asks and changes the kernel's audit: status, rules, ownership. Every request waits for its acknowledgement.
 * Source of truth: kernel/audit.c (audit_receive_msg), kernel/auditfilter.c (audit_rule_change).
 *
 * All calls are synchronous and need CAP_AUDIT_CONTROL on the calling thread. What the kernel allows (6.18):
 * a live owner is not replaced, even by root (EEXIST), only the owner unregisters itself (EACCES), a dead owner
 * is replaced. A request on one thread does not disturb a read on another.
 */
import { NativeError, systemError } from "../native/native-error.ts"
import { type AuditSocket, NETLINK_HEADER_BYTES, NLM_F_ACK, NLMSG_DONE, NLMSG_ERROR } from "./netlink.ts"
import { type AuditRule, decodeRule, storedBytes } from "./rule.ts"
import { type AuditStatus, decodeStatus, encodeChange, type SettableWords } from "./status.ts"

const AUDIT_GET = 1000
const AUDIT_SET = 1001
const AUDIT_ADD_RULE = 1011
const AUDIT_DEL_RULE = 1012
const AUDIT_LIST_RULES = 1013
const REQUEST_NAMES: ReadonlyMap<number, string> = new Map([
  [AUDIT_GET, "AUDIT_GET"],
  [AUDIT_SET, "AUDIT_SET"],
  [AUDIT_ADD_RULE, "AUDIT_ADD_RULE"],
  [AUDIT_DEL_RULE, "AUDIT_DEL_RULE"],
  [AUDIT_LIST_RULES, "AUDIT_LIST_RULES"],
])
const TIMEOUT_MS = 1000

export interface AuditChange {
  /** Never 2: it would lock the kernel's audit until the next boot. */
  readonly enabled?: 0 | 1
  /** Never 2: a full backlog would then panic the kernel. */
  readonly failure?: 0 | 1
  readonly pid?: number
  readonly rateLimit?: number
  readonly backlogLimit?: number
  /** In jiffies. */
  readonly backlogWaitTime?: number
}

/** What was found before a capture, which may be anything. */
export type FoundWords = Pick<SettableWords, "enabled" | "failure" | "rateLimit" | "backlogLimit"> & {
  readonly backlogWaitTime?: number
}

/** One answer: its netlink type and what follows the netlink header. */
type Answer = (type: number, payload: Buffer) => boolean

export class AuditControl {
  readonly #socket: AuditSocket
  readonly #timeoutMs: number

  /** The socket is its own from here on: nobody else may read it. */
  constructor(socket: AuditSocket, timeoutMs = TIMEOUT_MS) {
    this.#socket = socket
    this.#timeoutMs = timeoutMs
  }

  status(): AuditStatus {
    let status: AuditStatus | null = null
    this.#ask(AUDIT_GET, Buffer.alloc(0), (type, payload) => {
      if (type === AUDIT_GET) status = decodeStatus(payload)
      return status !== null
    })
    if (status === null) throw timeoutError(AUDIT_GET)
    return status
  }

  set(change: AuditChange): void {
    this.#command(AUDIT_SET, encodeChange(change))
  }

  /** Sets words as they were found before, whatever they were. */
  putBack(found: FoundWords): void {
    this.#command(AUDIT_SET, encodeChange(found))
  }

  /** @throws NativeError EEXIST when the rule is there already, EINVAL when the kernel takes no such rule */
  addRule(rule: AuditRule): void {
    this.#command(AUDIT_ADD_RULE, rule.raw)
  }

  /** Wherever in its list it stands. @throws NativeError ENOENT when there is no such rule */
  deleteRule(rule: AuditRule): void {
    this.#command(AUDIT_DEL_RULE, storedBytes(rule))
  }

  /** In the kernel's order, each with its bytes, so that it can be given back bit for bit. */
  listRules(): AuditRule[] {
    const rules: AuditRule[] = []
    this.#ask(AUDIT_LIST_RULES, Buffer.alloc(0), (type, payload) => {
      const rule = type === AUDIT_LIST_RULES ? decodeRule(payload) : null
      if (rule !== null) rules.push(rule)
      return type === NLMSG_DONE
    })
    return rules
  }

  /**
   * Makes this process the owner, and `socket` the one that records come to.
   * Returns the frames that came to `socket` before the acknowledgement. Not while another thread reads it.
   * @throws NativeError EEXIST when another live process is the owner
   */
  registerReader(socket: AuditSocket): readonly Buffer[] {
    const frames: Buffer[] = []
    const sequence = this.#sendRegistration(socket, NLM_F_ACK)
    const keep = (frame: Buffer) => void frames.push(frame)
    awaitAnswer(socket, AUDIT_SET, sequence, this.#timeoutMs, isAcknowledgement, keep)
    return frames
  }

  /** The same for a socket that another thread reads: whether it worked, `status().pid` tells. */
  registerReaderUnacknowledged(socket: AuditSocket): void {
    this.#sendRegistration(socket, 0)
  }

  /** Ends this process's ownership. @throws NativeError EACCES when another process is the owner */
  release(): void {
    this.#command(AUDIT_SET, encodeChange({ pid: 0 }))
  }

  close(): void {
    this.#socket.close()
  }

  #sendRegistration(socket: AuditSocket, flags: number): number {
    return socket.send(AUDIT_SET, encodeChange({ pid: process.pid }), flags)
  }

  #command(request: number, payload: Uint8Array): void {
    const sequence = this.#socket.send(request, payload, NLM_F_ACK)
    awaitAnswer(this.#socket, request, sequence, this.#timeoutMs, isAcknowledgement)
  }

  /** Without NLM_F_ACK: the answer itself says that the request arrived, and a refusal comes either way. */
  #ask(request: number, payload: Uint8Array, isLast: Answer): void {
    const sequence = this.#socket.send(request, payload, 0)
    awaitAnswer(this.#socket, request, sequence, this.#timeoutMs, isLast)
  }
}

const isAcknowledgement: Answer = (type) => type === NLMSG_ERROR

/** Reads until `isLast` says so of an answer with this sequence number. Every other frame goes to `keep`. */
function awaitAnswer(
  socket: AuditSocket,
  request: number,
  sequence: number,
  timeoutMs: number,
  isLast: Answer,
  keep: (frame: Buffer) => void = () => {},
): void {
  // A list of rules may be long: the time counts from one frame to the next.
  let deadline = performance.now() + timeoutMs
  for (;;) {
    const left = Math.ceil(deadline - performance.now())
    const frame = left > 0 ? socket.receive(left) : null
    if (frame === null) throw timeoutError(request)
    if (!isAnswer(frame, sequence)) {
      keep(frame)
      continue
    }
    deadline = performance.now() + timeoutMs
    const type = frame.readUInt16LE(4)
    const payload = frame.subarray(NETLINK_HEADER_BYTES)
    if (type === NLMSG_ERROR) throwRefusal(request, payload)
    if (isLast(type, payload)) return
  }
}

/** Records carry the sequence 0 or a serial of their own; requests and answers have types below 1100. */
function isAnswer(frame: Buffer, sequence: number): boolean {
  return frame.readUInt32LE(8) === sequence && frame.readUInt16LE(4) < 1100
}

/** NLMSG_ERROR holds a negative errno, and 0 for an acknowledgement. */
function throwRefusal(request: number, payload: Buffer): void {
  const result = payload.length >= 4 ? payload.readInt32LE(0) : 0
  if (result < 0) throw systemError(REQUEST_NAMES.get(request) ?? "audit", -result)
}

function timeoutError(request: number): NativeError {
  const name = REQUEST_NAMES.get(request) ?? "audit"
  return new NativeError("ETIMEDOUT", 110, name, `${name}: the kernel did not answer in time`)
}
