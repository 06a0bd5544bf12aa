/** Flags of commands that write lines of osquery's results log with -t osquery. */
import { boolean, string } from "@oclif/core/flags"

export const numericsFlag = boolean({
  description: "osquery: numbers as numbers, not as text",
  default: false,
})

export const osqueryFormFlags = {
  name: string({
    description: "osquery: what the lines call the query",
    default: "query",
    helpValue: "NAME",
  }),
  host: string({ description: "osquery: host of rows that name none", helpValue: "NAME" }),
  numerics: numericsFlag,
}

interface FormValues {
  readonly name: string
  readonly host?: string | undefined
  readonly numerics: boolean
}

export function osqueryForm({ name, host, numerics }: FormValues) {
  return { name, host: host ?? "", numerics }
}
