/**
 * How a token becomes JSON, worked out once for every id: what stands before each of its values, and how that value is
 * printed. Source: layout.ts.
 *
 *   ,{"token":"return32","status":  · a byte ·  ,"value":  · 32 bits ·  · the error's name ·  }
 */
import { ConstantPool } from "../../../base/constant-pool.ts"
import { PADDING } from "../../../base/padded-text.ts"
import { type FieldType, LAYOUT_BY_ID, TOKEN, type TokenField, type TokenLayout } from "../layout.ts"

/** What stands behind a constant: numbers, which nearly every token has, or a field of one of `FIELD_TYPES`. */
export const PRINT = {
  /** Nothing: the token ends. */
  end: 0,
  u8: 1,
  u16: 2,
  u32: 3,
  u64: 4,
  /** The width of the addresses behind it. */
  width16: 5,
  width32: 6,
  /** A port whose bytes macOS swaps, and behind all fields the same as it stands. */
  swappedPort: 7,
  storedPort: 8,
  /** Key and name of the error whose number is the token's first byte. */
  error: 9,
  /** And so on, one for each of `FIELD_TYPES`. */
  field: 10,
} as const

/** What json-fields.ts prints. */
export const FIELD_TYPES: readonly FieldType[] = [
  "str16",
  "ip4",
  "ip6",
  "addr",
  "host",
  "strings",
  "blob16",
  "uuid",
  "texts16",
  "ids16",
  "ids",
  "path108",
  "units",
]

/** Integers a step: start and length of a constant, and what is printed behind it. */
export const STRIDE = 3

export interface TokenPlan {
  readonly steps: Int32Array
  /** Bytes of all constants, and of values beyond what their own bytes can become. */
  readonly room: number
}

/** For a value beyond what each of its bytes can become: keys within it, quotes of an empty one, an error's name. */
const VALUE_ROOM = 80

const texts = new ConstantPool()

/** By token id. */
export const PLANS: readonly (TokenPlan | undefined)[] = LAYOUT_BY_ID.map((layout) =>
  layout === undefined ? undefined : planOf(layout, layout.fields.map(kindOf)),
)

/** macOS stores the two bytes of a sockinet128's port the wrong way round. */
export const SWAPPED_SOCKET: TokenPlan | undefined = swappedPlan()

/** Of all plans' constants. */
export const CONSTANTS = texts.view

function planOf({ id, name, fields }: TokenLayout, kinds: readonly number[]): TokenPlan {
  const steps: number[] = []
  let room = 0
  const put = (text: string, kind: number) => {
    steps.push(texts.add(Buffer.from(text, "latin1")), text.length, kind)
    room += text.length + PADDING + VALUE_ROOM
  }
  let text = `,{"token":"${name}"`
  for (const [at, field] of fields.entries()) {
    put(`${text},"${keyOf(field)}":`, kinds[at] ?? PRINT.end)
    text = ""
  }
  if (id === TOKEN.return32 || id === TOKEN.return64) put("", PRINT.error)
  if (kinds.includes(PRINT.swappedPort)) put(',"port_stored":', PRINT.storedPort)
  put("}", PRINT.end)
  return { steps: Int32Array.from(steps), room }
}

function swappedPlan(): TokenPlan | undefined {
  const layout = LAYOUT_BY_ID[TOKEN.sockinet128]
  if (layout === undefined) return undefined
  return planOf(
    layout,
    layout.fields.map((field) => (field.name === "port" ? PRINT.swappedPort : kindOf(field))),
  )
}

function kindOf({ name, type }: TokenField): number {
  if (type === "u16") return name.endsWith("type") ? PRINT.width16 : PRINT.u16
  if (type === "u32") return name.endsWith("type") ? PRINT.width32 : PRINT.u32
  if (type === "u8" || type === "u64") return PRINT[type]
  return PRINT.field + FIELD_TYPES.indexOf(type)
}

function keyOf({ name, type }: TokenField): string {
  if (type === "strings") return "count"
  return type === "units" ? "print" : name
}
