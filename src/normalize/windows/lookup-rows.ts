/**
 * dns_lookup_events from Sysmon (22) and from the DNS client (3006 asked, 3008 answered, 3020 a server's answer).
 * Source of truth: osquery dns_lookup_events.table for the columns; the manifests of the providers.
 */
import { DNS_LOOKUP_EVENTS } from "../../schema/tables/dns-lookup-events.ts"
import { writeFiletime } from "../../schema/write-time.ts"
import { Account } from "./account.ts"
import { SYS } from "./event-fields.ts"
import { FIELD } from "./field-names.ts"
import type { RowContext } from "./row-context.ts"

/** IANA DNS parameters; those that are asked for in practice. */
const TYPES = new Map([
  [1, "A"],
  [2, "NS"],
  [5, "CNAME"],
  [6, "SOA"],
  [12, "PTR"],
  [15, "MX"],
  [16, "TXT"],
  [28, "AAAA"],
  [33, "SRV"],
  [35, "NAPTR"],
  [43, "DS"],
  [48, "DNSKEY"],
  [64, "SVCB"],
  [65, "HTTPS"],
  [252, "AXFR"],
  [255, "ANY"],
])
const ASKED = 3006

export class LookupRows {
  readonly #row: RowContext
  readonly #account: Account

  constructor(row: RowContext) {
    this.#row = row
    this.#account = new Account(row)
  }

  /** Sysmon names the process in the event's fields, the DNS client is the process that the event comes from. */
  write(isSysmon: boolean): void {
    const row = this.#row
    if (!row.wants(DNS_LOOKUP_EVENTS) || !row.fields.find(FIELD.queryName)) return
    const { writer } = row
    const type = row.valueOf(FIELD.queryType)
    writer.begin(DNS_LOOKUP_EVENTS)
    writer.int(row.nextEid(DNS_LOOKUP_EVENTS))
    row.int(row.sec)
    writeFiletime(writer, row.sec, row.nsec)
    row.system(SYS.time)
    if (isSysmon) row.integer(FIELD.processId)
    else row.systemInteger(SYS.processId)
    row.text(FIELD.image)
    this.#account.find()
    this.#account.writeName()
    row.text(FIELD.queryName)
    row.constant(TYPES.get(type) ?? "")
    row.int(type)
    row.integer(row.fields.find(FIELD.queryStatus) ? FIELD.queryStatus : FIELD.status)
    row.text(FIELD.queryResults)
    row.origin(isSysmon ? "lookup" : row.eventId === ASKED ? "query" : "response")
    writer.end()
  }
}
