/** Turns messages into rows of every table that they fill. */
import { EsMessage } from "../../formats/endpoint-security/message.ts"
import { EsFileRows } from "./es-file-rows.ts"
import { EsProcessRows } from "./es-process-rows.ts"
import { ProcessRows } from "./process-rows.ts"
import { type NormalizerOptions, RowContext, type RowPlace } from "./row-context.ts"
import { SocketRows } from "./socket-rows.ts"
import { UserRows } from "./user-rows.ts"

export class EsNormalizer {
  readonly #row: RowContext
  readonly #esProcess: EsProcessRows
  readonly #esFile: EsFileRows
  readonly #process: ProcessRows
  readonly #socket: SocketRows
  readonly #user: UserRows

  constructor(options: NormalizerOptions) {
    this.#row = new RowContext(options, new EsMessage())
    this.#esProcess = new EsProcessRows(this.#row)
    this.#esFile = new EsFileRows(this.#row)
    this.#process = new ProcessRows(this.#row)
    this.#socket = new SocketRows(this.#row)
    this.#user = new UserRows(this.#row)
  }

  /** The programs that processes are known to run. */
  get tracker() {
    return this.#row.tracker
  }

  message(message: EsMessage, place: RowPlace, sourceId: number): void {
    this.#row.begin(message, place, sourceId)
    switch (message.kind) {
      case "exec":
      case "fork":
      case "exit":
        if (message.source === "endpointsecurity") this.#esProcess.write(message.kind)
        this.#process.write(message.kind)
        return
      case "signal":
        this.#process.write("signal")
        return
      case "create":
      case "rename":
      case "write":
      case "truncate":
      case "open":
      case "unlink":
        this.#esFile.write(message.kind)
        return
      case "close":
        if (message.isModified) this.#esFile.write("close")
        return
      case "uipc_connect":
      case "connect":
        this.#socket.write("connect")
        return
      case "uipc_bind":
      case "bind":
        this.#socket.write("bind")
        return
      case "accept":
      case "listen":
        this.#socket.write(message.kind)
        return
      default:
        this.#user.write()
    }
  }
}
