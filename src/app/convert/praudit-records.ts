/** The forms of BSM records that convert writes besides JSON: praudit's text and XML, and the trail's own bytes. */
import { isatty } from "node:tty"
import type { PrauditForm, PrauditOptions } from "../../formats/bsm/render/praudit/options.ts"
import { UsageError } from "../errors.ts"
import type { Accounts } from "../reading/reader.ts"

/** What the user chose of praudit's options. */
export interface PrauditChoice {
  readonly form: PrauditForm
  readonly isOneLine: boolean
  readonly delimiter: string
}

export const BSM_FORMATS = ["praudit", "praudit-xml", "bsm"] as const
export type BsmFormat = (typeof BSM_FORMATS)[number]

const AS_PRAUDIT: PrauditChoice = { form: "default", isOneLine: false, delimiter: "," }

export function isBsmFormat(format: string): format is BsmFormat {
  return BSM_FORMATS.some((name) => name === format)
}

/** undefined for a format that praudit does not write. @throws UsageError for its options with such a format */
export function prauditOptions(
  to: string,
  choice: PrauditChoice | undefined,
  accounts: Accounts | undefined,
  descriptor: number,
): PrauditOptions | undefined {
  if (to !== "praudit" && to !== "praudit-xml") {
    if (choice === undefined) return undefined
    throw new UsageError(
      "--praudit-form, --one-line and --delimiter are of praudit's text",
      "Give -t praudit or -t praudit-xml with them.",
    )
  }
  return {
    ...(choice ?? AS_PRAUDIT),
    isXml: to === "praudit-xml",
    isTerminal: isatty(descriptor),
    ...(accounts === undefined ? {} : accounts),
  }
}

/** @throws UsageError when binary records would go to a terminal */
export function refuseTerminal(to: string, descriptor: number): void {
  if (to === "bsm" && isatty(descriptor))
    throw new UsageError("a trail is not for a terminal", "Give -o FILE, or -t praudit to read it.")
}
