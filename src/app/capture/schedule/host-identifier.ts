/** What a results log calls the host. Source of truth: osquery osquery/core/system.cpp (getHostIdentifier). */
import { randomUUID } from "node:crypto"
import { readFileSync } from "node:fs"
import { hostname } from "node:os"
import type { OsqueryFlags } from "../../../pipeline/flags/osquery-flags.ts"
import { UsageError } from "../../errors.ts"

/** Facts of the machine that is captured. */
export interface HostFacts {
  readonly name: () => string
  /** The hardware's UUID; '' where it cannot be read. */
  readonly uuid: () => string
}

export const THIS_HOST: HostFacts = { name: hostname, uuid: readUuid }

/** @throws UsageError for an unknown kind of identifier, and for `specified` without one */
export function hostIdentifier(flags: OsqueryFlags, host: HostFacts = THIS_HOST): string {
  const kind = flags.text("host_identifier")
  switch (kind) {
    case "hostname":
      return host.name()
    case "uuid":
      return host.uuid() || host.name()
    case "instance":
    case "ephemeral":
      return randomUUID()
    case "specified": {
      const name = flags.text("specified_identifier")
      if (name !== "") return name
      throw new UsageError(
        "host_identifier is specified, but no name is",
        "Give it with --specified_identifier=NAME.",
      )
    }
    default:
      throw new UsageError(
        `there is no host_identifier ${kind}`,
        "There are: hostname, uuid, instance, ephemeral, specified.",
      )
  }
}

function readUuid(): string {
  try {
    return readFileSync("/sys/class/dmi/id/product_uuid", "utf8").trim().toUpperCase()
  } catch {
    return ""
  }
}
