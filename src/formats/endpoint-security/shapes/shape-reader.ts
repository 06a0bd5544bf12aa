/** Hands an object to the reader of its shape. */
import type { JsonTape } from "../json/json-tape.ts"
import type { EsMessage } from "../message.ts"
import { EsloggerReader } from "./eslogger.ts"
import type { Shape } from "./tell-shape.ts"
import { UnifiedLogReader } from "./unified-log.ts"

export class ShapeReader {
  readonly #eslogger = new EsloggerReader()
  readonly #unifiedLog = new UnifiedLogReader(this.#eslogger)

  /** Fills the message. Returns "" when it is one, `foreign` for what is not ours, else why it cannot be read. */
  read(tape: JsonTape, shape: Shape, message: EsMessage): string {
    switch (shape) {
      case "oslog":
        return this.#unifiedLog.read(tape, message)
      case "eslogger":
      case "jamf-telemetry":
        this.#eslogger.read(tape, message)
        return ""
    }
  }
}
