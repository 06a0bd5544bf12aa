/** Hands an object to the reader of its shape. */
import type { JsonTape } from "../json/json-tape.ts"
import type { EsMessage } from "../message.ts"
import { readCrescendo } from "./crescendo.ts"
import { EsloggerReader } from "./eslogger.ts"
import { JamfBsmReader } from "./jamf-bsm.ts"
import { readMacMonitor1 } from "./mac-monitor-1.ts"
import { readObjectiveSee } from "./objective-see.ts"
import { SantaReader } from "./santa.ts"
import type { Shape } from "./tell-shape.ts"
import { UnifiedLogReader } from "./unified-log.ts"
import { readXnumon } from "./xnumon.ts"

export class ShapeReader {
  readonly #eslogger = new EsloggerReader()
  readonly #unifiedLog = new UnifiedLogReader(this.#eslogger)
  readonly #jamfBsm = new JamfBsmReader()
  readonly #santa = new SantaReader()

  /** Fills the message. Returns "" when it is one, `foreign` for what is not ours, else why it cannot be read. */
  read(tape: JsonTape, shape: Exclude<Shape, "santa-text">, message: EsMessage): string {
    if (shape === "oslog") return this.#unifiedLog.read(tape, message)
    this.#fill(tape, shape, message)
    return ""
  }

  #fill(tape: JsonTape, shape: Exclude<Shape, "santa-text" | "oslog">, message: EsMessage): void {
    switch (shape) {
      case "eslogger":
      case "jamf-telemetry":
      case "mac-monitor":
        this.#eslogger.read(tape, message)
        return
      case "jamf-bsm":
        this.#jamfBsm.read(tape, message)
        return
      case "mac-monitor-1":
        readMacMonitor1(tape, message)
        return
      case "crescendo":
        readCrescendo(tape, message)
        return
      case "objective-see":
        readObjectiveSee(tape, message)
        return
      case "santa":
        this.#santa.read(tape, message)
        return
      case "xnumon":
        readXnumon(tape, message)
    }
  }
}
