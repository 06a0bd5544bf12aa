/** Flags of praudit's text: how `convert -t praudit` writes a record. */
import { boolean, string } from "@oclif/core/flags"
import type { PrauditChoice } from "../app/convert/praudit-records.ts"

const FORMS = ["default", "short", "raw"] as const

export const prauditFlags = {
  "praudit-form": string({
    description:
      "praudit: events by their description (default), by their name (short, -s), or numbers (raw, -r)",
    options: [...FORMS],
    helpValue: "FORM",
  }),
  "one-line": boolean({ description: "praudit: a record a line (-l); without it a token a line" }),
  delimiter: string({ description: "praudit: between fields (-d); a comma unless given", helpValue: "TEXT" }),
}

interface PrauditFlagValues {
  readonly "praudit-form"?: string | undefined
  readonly "one-line"?: boolean | undefined
  readonly delimiter?: string | undefined
}

/** undefined when none is given. */
export function prauditChoice(flags: PrauditFlagValues): PrauditChoice | undefined {
  const { delimiter } = flags
  const form = FORMS.find((name) => name === flags["praudit-form"])
  const isOneLine = flags["one-line"] === true
  if (form === undefined && !isOneLine && delimiter === undefined) return undefined
  return { form: form ?? "default", isOneLine, delimiter: delimiter ?? "," }
}
