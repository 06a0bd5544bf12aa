/**
 * Turns Windows events into rows of every table that they fill. What an event means goes by its provider, its number
 * and the names of its fields, never by its version: the same version has been written with different fields.
 */
import type { EventPlace, EventTape } from "../../formats/windows/event-tape.ts"

import { SYS } from "./event-fields.ts"
import { type EventKind, kindOf, kindOfChannel } from "./event-kinds.ts"
import { FIELD } from "./field-names.ts"
import { LookupRows } from "./lookup-rows.ts"
import {
  PROCESS_CREATED,
  PROCESS_ENDED,
  ProcessRows,
  SYSMON_PROCESS,
  SYSMON_PROCESS_ENDED,
} from "./process-rows.ts"
import { type NormalizerOptions, RowContext } from "./row-context.ts"
import { type SavedScript, ScriptRows } from "./script-rows.ts"
import { SocketRows } from "./socket-rows.ts"
import { UserRows } from "./user-rows.ts"
import { WindowsEventRows } from "./windows-rows.ts"

/** JSON. The programs of processes are not in it: they are learnt again from the rows (`tracker.replay`). */
export interface WindowsNormalizerState {
  /** Script blocks whose parts are still to come. */
  readonly open: readonly SavedScript[]
  readonly addresses: readonly (readonly [host: string, addresses: readonly string[]])[]
  readonly processCreations: number
  readonly withCommandLine: number
}

export class WindowsNormalizer {
  /** 4688 events, and those of them that tell a command line: none does where the policy for it is off. */
  processCreations = 0
  withCommandLine = 0
  readonly #row: RowContext
  readonly #windows: WindowsEventRows
  readonly #process: ProcessRows
  readonly #socket: SocketRows
  readonly #user: UserRows
  readonly #script: ScriptRows
  readonly #lookup: LookupRows

  constructor(options: NormalizerOptions) {
    this.#row = new RowContext(options)
    this.#windows = new WindowsEventRows(this.#row)
    this.#process = new ProcessRows(this.#row)
    this.#socket = new SocketRows(this.#row)
    this.#user = new UserRows(this.#row)
    this.#script = new ScriptRows(this.#row)
    this.#lookup = new LookupRows(this.#row)
  }

  /** The programs that processes are known to run. */
  get tracker() {
    return this.#row.tracker
  }

  /** Of the event at hand: seconds since 1970, NaN without a time. */
  get second(): number {
    return this.#row.sec
  }

  get host(): string {
    return this.#row.host
  }

  event(tape: EventTape, place: EventPlace, sourceId: number): void {
    const row = this.#row
    row.begin(tape, place, sourceId)
    this.#windows.write(place.recovered === "" ? "event" : place.recovered)
    const kind = this.#kind()
    if (kind !== undefined) this.#writeKind(kind)
    row.finish()
  }

  /** No more events come: what waits for its other parts becomes rows. */
  end(): void {
    this.#script.end()
    this.#row.finish()
  }

  saveState(): WindowsNormalizerState {
    const { processCreations, withCommandLine } = this
    const addresses = this.#socket.own.saveState()
    return { open: this.#script.saveState(), addresses, processCreations, withCommandLine }
  }

  restoreState(state: WindowsNormalizerState): void {
    this.#script.restoreState(state.open)
    this.#socket.own.restoreState(state.addresses)
    this.processCreations = state.processCreations
    this.withCommandLine = state.withCommandLine
  }

  #kind(): EventKind | undefined {
    const { eventId, fields } = this.#row
    if (fields.findSystem(SYS.provider)) return kindOf(fields.provider, eventId)
    if (!fields.findSystem(SYS.channel)) return undefined
    return kindOfChannel(fields.tape.bytes.utf8Slice(fields.from, fields.to), eventId)
  }

  #writeKind(kind: EventKind): void {
    switch (kind) {
      case "process-created":
        this.#countCommandLine()
        this.#process.write(PROCESS_CREATED)
        return
      case "process-ended":
        this.#process.write(PROCESS_ENDED)
        return
      case "sysmon-process":
        this.#process.write(SYSMON_PROCESS)
        return
      case "sysmon-process-ended":
        this.#process.write(SYSMON_PROCESS_ENDED)
        return
      case "filtered":
        this.#socket.writeFiltered()
        return
      case "sysmon-connection":
        this.#socket.writeSysmon()
        return
      case "user":
        this.#user.write()
        return
      case "script":
        this.#script.write()
        return
      case "sysmon-lookup":
      case "lookup":
        this.#lookup.write(kind === "sysmon-lookup")
    }
  }

  #countCommandLine(): void {
    const { fields } = this.#row
    this.processCreations++
    if (fields.find(FIELD.commandLine) && fields.to > fields.from) this.withCommandLine++
  }
}
