/** Token forms made ready for one choice of options: per token what is written before, between and after its fields. */
import { FIELD_WRITERS, type WriteField } from "./fields.ts"
import type { PrauditOptions } from "./options.ts"
import { type FieldKind, type FormField, TOKEN_FORMS, type TokenForm } from "./token-forms.ts"

export interface TokenStep {
  readonly open: Buffer
  readonly write: WriteField
  readonly close: Buffer
}

export interface TokenProgram {
  readonly head: Buffer
  readonly steps: readonly TokenStep[]
  readonly tail: Buffer
}

const NOTHING = Buffer.alloc(0)
/** Writers that put their own delimiters, since they write several values or none. */
const SELF_DELIMITING: ReadonlySet<FieldKind> = new Set([
  "items",
  "args",
  "envs",
  "strings",
  "groups",
  "sixteenGroups",
  "command",
])
/** What stands for a field in XML that is in text alone: its bytes are passed over. */
const PASSED_OVER: Partial<Record<FieldKind, FieldKind>> = { u32: "skip4", length16: "nothing" }

/** By token id. */
export function compileForms({ isXml, form, delimiter }: PrauditOptions): (TokenProgram | undefined)[] {
  const programs: (TokenProgram | undefined)[] = Array.from({ length: 256 }, () => undefined)
  for (const [id, tokenForm] of TOKEN_FORMS) {
    const name = form === "raw" ? String(id) : tokenForm.name
    programs[id] = isXml ? xmlProgram(tokenForm) : textProgram(tokenForm, name, delimiter)
  }
  return programs
}

function textProgram({ fields }: TokenForm, name: string, delimiter: string): TokenProgram {
  const between = Buffer.from(delimiter, "utf8")
  const steps = fields
    .filter(({ inText }) => inText)
    .map(({ kind, place }) => {
      const isBare = place === "silent" || SELF_DELIMITING.has(kind)
      return { open: isBare ? NOTHING : between, write: FIELD_WRITERS[kind], close: NOTHING }
    })
  return { head: Buffer.from(name), steps, tail: NOTHING }
}

function xmlProgram({ element, fields }: TokenForm): TokenProgram {
  if (element === "/record") return { head: Buffer.from("</record>"), steps: [], tail: NOTHING }
  const hasContent = fields.some(({ place }) => place === "content")
  const hasAttributes = fields.some(({ place, inXml }) => place === "attribute" && inXml)
  const steps = fields.map((field, index) => {
    return xmlStep(
      field,
      fields.slice(index + 1).find(({ place }) => place !== "silent"),
    )
  })
  const tail = hasContent ? `</${element}>` : element === "record" ? ">" : "/>"
  return {
    head: Buffer.from(hasAttributes ? `<${element} ` : `<${element}`),
    steps,
    tail: Buffer.from(tail),
  }
}

/** `remoteEnd` writes two attributes, `items` its own and the end of the tag. */
function xmlStep({ kind, attribute, place, inXml }: FormField, next: FormField | undefined): TokenStep {
  if (place === "silent") return { open: NOTHING, write: FIELD_WRITERS[kind], close: NOTHING }
  if (!inXml) return { open: NOTHING, write: FIELD_WRITERS[PASSED_OVER[kind] ?? kind], close: NOTHING }
  const write = FIELD_WRITERS[kind]
  if (kind === "items") return { open: NOTHING, write, close: NOTHING }
  if (place === "content") return { open: Buffer.from(">"), write, close: NOTHING }
  const isOpen = next?.place === "joined" || next?.place === "blank"
  const close = Buffer.from(isOpen ? "" : '" ')
  if (kind === "remoteEnd" || place === "joined") return { open: NOTHING, write, close }
  if (place === "blank") return { open: Buffer.from(" "), write, close }
  return { open: Buffer.from(`${attribute}="`), write, close }
}
