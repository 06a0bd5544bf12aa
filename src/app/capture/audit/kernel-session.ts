/**
 * The kernel's side of a capture: takes the audit socket, sets what the flags allow, watches over the ownership, and
 * puts everything back. All of it synchronous, so that it can be put back on the way out of the process.
 * Source of truth: osquery osquery/events/linux/auditdnetlink.cpp (order of steps, defaults); kernel/audit.c.
 */
import type { AuditControl } from "../../../sources/audit/control.ts"
import { type KernelState, restore } from "../../../sources/audit/kernel-state.ts"
import type { AuditSocket } from "../../../sources/audit/netlink.ts"
import type { AuditRule } from "../../../sources/audit/rule.ts"
import type { StateFile } from "../../../sources/audit/state-file.ts"
import type { AuditStatus } from "../../../sources/audit/status.ts"
import { hasCode } from "../../../sources/native/native-error.ts"

export interface KernelSettings {
  readonly isMulticast: boolean
  readonly mayConfigure: boolean
  readonly forceReconfigure: boolean
  readonly forceUnconfigure: boolean
  readonly keepsRules: boolean
  readonly backlogLimit: number
  readonly backlogWaitTime: number
  readonly failure: 0 | 1
  readonly rateLimit?: number
  readonly rules: readonly AuditRule[]
}

export interface KernelParts {
  readonly control: AuditControl
  /** As it was before. */
  readonly before: KernelState
  readonly stateFile: StateFile | undefined
  readonly openSocket: (isMulticast: boolean) => AuditSocket
}

export class KernelSession {
  readonly #parts: KernelParts
  readonly #settings: KernelSettings
  #socket: AuditSocket
  /** Opened while it may have a large buffer, for the case that the socket is lost. */
  #spare: AuditSocket | undefined
  #replaced: AuditSocket | undefined
  /** Rules of this run that are in the kernel, and those that were. */
  readonly #added: AuditRule[] = []
  readonly #removed: AuditRule[] = []
  #isRestored = false
  /** Messages that came before the reader ran. */
  readonly early: Buffer[] = []
  /** What could not be set, for people. */
  readonly warnings: string[] = []

  /** Takes the socket and sets up the kernel. When it throws, everything is as before. */
  constructor(parts: KernelParts, settings: KernelSettings) {
    this.#parts = parts
    this.#settings = settings
    this.#socket = parts.openSocket(settings.isMulticast)
    try {
      if (!settings.isMulticast) {
        this.early.push(...parts.control.registerReader(this.#socket))
        this.#spare = parts.openSocket(false)
      }
      if (settings.mayConfigure) this.#configure()
    } catch (error) {
      this.restore()
      throw error
    }
  }

  get descriptor(): number {
    return this.#socket.fd
  }

  get receiveBufferBytes(): number {
    return this.#socket.receiveBufferBytes
  }

  /** Rules of this run in the kernel. */
  get rules(): number {
    return this.#added.length
  }

  status(): AuditStatus {
    return this.#parts.control.status()
  }

  /**
   * Takes the socket back from whom `status` names as its owner. The descriptor to read from then; undefined when the
   * kernel leaves it with the other one, which it does while that process lives.
   */
  reacquire(): number | undefined {
    const socket = this.#spare ?? this.#parts.openSocket(false)
    this.#spare = socket
    try {
      this.early.push(...this.#parts.control.registerReader(socket))
    } catch (error) {
      if (hasCode(error, "EEXIST")) return undefined
      throw error
    }
    // The reader may still look at the one that was lost: it goes when the next one does.
    this.#replaced?.close()
    this.#replaced = this.#socket
    this.#socket = socket
    this.#spare = undefined
    return socket.fd
  }

  /** Takes this run's rules out again; the records that are under way still come. */
  removeRules(): void {
    if (this.#settings.keepsRules) return
    const { control } = this.#parts
    for (const rule of this.#added.splice(0)) {
      this.#removed.push(rule)
      this.#attempt("delete a rule", () => control.deleteRule(rule))
    }
  }

  /** Puts the kernel's state back. Once; what fails is told, and the rest is done all the same. */
  restore(): readonly string[] {
    if (this.#isRestored) return []
    this.#isRestored = true
    if (!this.#settings.keepsRules) this.#removed.push(...this.#added.splice(0))
    const { control, stateFile } = this.#parts
    const failures = this.#settings.mayConfigure ? this.#putBack() : this.#release()
    if (failures.length === 0) stateFile?.markRestored()
    stateFile?.close()
    this.#socket.close()
    this.#spare?.close()
    this.#replaced?.close()
    control.close()
    return failures
  }

  #putBack(): string[] {
    const { control, before } = this.#parts
    const kept = { ...before, enabled: 1, rules: [...before.rules, ...this.#added] }
    const target = this.#settings.keepsRules ? kept : before
    return restore(control, target, { ourRules: this.#removed }).map(
      ({ step, message }) => `${step}: ${message}`,
    )
  }

  /** Nothing was changed but the ownership. */
  #release(): string[] {
    const { control } = this.#parts
    try {
      if (!this.#settings.isMulticast && control.status().pid === process.pid) control.release()
      return []
    } catch (error) {
      return [`give up the ownership: ${error instanceof Error ? error.message : String(error)}`]
    }
  }

  #configure(): void {
    const { control } = this.#parts
    const { backlogLimit, backlogWaitTime, failure, rateLimit, forceReconfigure, rules } = this.#settings
    const { enabled } = control.status()
    if (enabled === 2) {
      this.warnings.push(
        "the kernel's audit is locked until the next boot: its rules and limits stay as they are",
      )
      return
    }
    control.set({ failure, backlogLimit, ...(rateLimit === undefined ? {} : { rateLimit }) })
    if (control.status().backlogWaitTime !== null) control.set({ backlogWaitTime })
    if (forceReconfigure) {
      for (const rule of control.listRules()) this.#attempt("delete a rule", () => control.deleteRule(rule))
    }
    for (const rule of rules) this.#addRule(rule)
    control.set({ enabled: 1 })
  }

  #addRule(rule: AuditRule): void {
    try {
      this.#parts.control.addRule(rule)
      this.#added.push(rule)
    } catch (error) {
      // It was there before, so it stays: unless told otherwise.
      if (hasCode(error, "EEXIST")) {
        if (this.#settings.forceUnconfigure) this.#added.push(rule)
        return
      }
      const code = error instanceof Error && "code" in error ? String(error.code) : "an error"
      this.warnings.push(
        `Failed to install the audit rule due to one or more syscalls with error ${code}, Audit-based tables may not function as expected`,
      )
    }
  }

  #attempt(what: string, act: () => void): void {
    try {
      act()
    } catch (error) {
      this.warnings.push(`could not ${what}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
}
