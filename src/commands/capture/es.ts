/** retrail capture es: what EndpointSecurity of macOS tells through eslogger, into a database. */
import { string } from "@oclif/core/flags"
import { UsageError } from "../../app/errors.ts"
import { BaseCommand } from "../base-command.ts"
import { tellSummary } from "../live-flags.ts"
import { streamFlags, streamRequest } from "./stream-flags.ts"

export default class CaptureEs extends BaseCommand {
  static override description =
    "Record this Mac's EndpointSecurity events into a SQLite database.\n\nStarts eslogger (macOS 13 and newer; root, and Full Disk Access for the " +
    "terminal) with the events that rows are made of, or those of --events; it is ended with the capture. " +
    "--disable_endpointsecurity_fim=false adds file events, --es_fim_enable_open_events=true opened files, " +
    "--es_fim_mute_path_literal and _prefix take rows of programs out. With --from messages come from a FIFO, a file " +
    "that grows, or stdin, on any system. --disable_endpointsecurity=false is implied. Rows older than " +
    "--events_expiry (3600 s) are removed again: --events_expiry=0 keeps all. Ends with 0, with 4 when events were " +
    "dropped, with 2 when eslogger ended by itself."
  static override usage = [
    "capture es -d FILE [--events NAMES] [--raw FILE] [--duration TIME]",
    "capture es -d FILE --from PATH [--follow]",
  ]
  static override examples = [
    "<%= config.bin %> capture es -d live.db",
    "<%= config.bin %> capture es -d live.db --events exec,fork,exit,tcc_modify --raw events.ndjson",
    "eslogger exec fork exit | <%= config.bin %> capture es -d live.db --from -",
  ]
  static override flags = {
    ...streamFlags,
    events: string({
      description: "events to ask for, apart by commas: exec,fork,exit",
      helpValue: "NAMES",
      exclusive: ["from"],
    }),
    eslogger: string({
      description: "the program; /usr/bin/eslogger, or that of PATH, unless given",
      helpValue: "FILE",
      exclusive: ["from"],
    }),
  }

  async run(): Promise<void> {
    const { implyEsFlags, takeOsqueryFlags } = await import("../osquery-arguments.ts")
    const taken = takeOsqueryFlags(this.argv)
    const { flags } = await this.parse(CaptureEs, taken.argv)
    implyEsFlags(taken.flags)
    const { request, release } = await streamRequest(taken, flags, {
      version: this.config.version,
      argv: ["capture", "es", ...this.argv],
    })
    if (taken.flags.bool("disable_endpointsecurity") || taken.flags.bool("disable_events"))
      throw new UsageError("--disable_endpointsecurity or --disable_events leaves nothing to capture")
    const summary = flags.from === undefined ? await fromEslogger() : await fromPath(flags.from)
    tellSummary(summary, "Captured", flags)
    release()

    async function fromEslogger() {
      const { captureEs } = await import("../../app/capture/es/run-capture-es.ts")
      const { parseEvents } = await import("../../app/capture/es/es-events.ts")
      return captureEs({
        ...request,
        ...(flags.events === undefined ? {} : { events: parseEvents(flags.events) }),
        ...(flags.eslogger === undefined ? {} : { program: flags.eslogger }),
        searchPath: process.env.PATH ?? "",
      })
    }

    async function fromPath(from: string) {
      const { esOrigin } = await import("../../app/capture/es/es-origin.ts")
      const { captureFrom } = await import("../../app/capture/from-origin.ts")
      const stdin = process.stdin
      return captureFrom({ ...request, ...esOrigin(taken.flags), from, keepsOpen: flags.follow, stdin })
    }
  }
}
