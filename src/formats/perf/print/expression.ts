/**
 * Parses what stands behind `print fmt:` of an event: a C string, then C expressions over the record.
 *
 *   "comm=%s ret=%d", REC->comm, REC->ok ? REC->ret : -1
 *
 * Source: Linux' Documentation/trace/events.rst; the macros are those of include/trace/stages/stage3_trace_output.h.
 */

export type Expression =
  | { readonly kind: "number"; readonly value: bigint }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "cast"; readonly type: string; readonly of: Expression }
  | { readonly kind: "unary"; readonly operator: string; readonly of: Expression }
  | {
      readonly kind: "binary"
      readonly operator: string
      readonly left: Expression
      readonly right: Expression
    }
  | {
      readonly kind: "choice"
      readonly test: Expression
      readonly yes: Expression
      readonly no: Expression
    }
  | { readonly kind: "index"; readonly of: Expression; readonly at: Expression }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[] }
  /** `{ 1, "ONE" }` in the lists of __print_symbolic and __print_flags. */
  | { readonly kind: "pair"; readonly items: readonly Expression[] }

export interface PrintFormat {
  readonly format: string
  readonly args: readonly Expression[]
}

const TOKEN =
  /\s*(?:("(?:[^"\\]|\\.)*")|('(?:[^'\\]|\\.)+')|(0[xX][0-9a-fA-F]+|\d+)[uUlL]*|([A-Za-z_]\w*)|(->|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^~!<>?:()[\]{},.]))/y
const PRECEDENCE: readonly (readonly string[])[] = [
  ["||"],
  ["&&"],
  ["|"],
  ["^"],
  ["&"],
  ["==", "!="],
  ["<", ">", "<=", ">="],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "%"],
]
const TYPE_WORDS = new Set(
  "unsigned signed long int short char void const struct bool size_t pid_t dev_t u8 u16 u32 u64 s8 s16 s32 s64".split(
    " ",
  ),
)
const MOST_DEPTH = 100
const MOST_TOKENS = 20_000
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["t", "\t"],
  ["r", "\r"],
  ["0", "\0"],
])

/** null for what this parser does not understand. */
export function parsePrintFormat(text: string): PrintFormat | null {
  const tokens = tokenize(text)
  if (tokens === null) return null
  const parser = new Parser(tokens)
  try {
    return parser.printFormat()
  } catch (error) {
    if (error instanceof NotUnderstood) return null
    throw error
  }
}

class NotUnderstood extends Error {}

function tokenize(text: string): string[] | null {
  const tokens: string[] = []
  const pattern = new RegExp(TOKEN)
  const end = text.trimEnd().length
  while (pattern.lastIndex < end) {
    const found = pattern.exec(text)
    if (found === null || tokens.length > MOST_TOKENS) return null
    tokens.push(found[0].trim())
  }
  return tokens
}

class Parser {
  readonly #tokens: readonly string[]
  #at = 0
  #depth = 0

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens
  }

  printFormat(): PrintFormat {
    const format = this.#strings()
    const args: Expression[] = []
    while (this.#takes(",")) args.push(this.#expression())
    if (this.#at < this.#tokens.length) throw new NotUnderstood()
    return { format, args }
  }

  /** Strings behind each other are one. */
  #strings(): string {
    let text = ""
    if (!this.#peek().startsWith('"')) throw new NotUnderstood()
    while (this.#peek().startsWith('"')) text += unquote(this.#next())
    return text
  }

  #expression(): Expression {
    if (++this.#depth > MOST_DEPTH) throw new NotUnderstood()
    const test = this.#binary(0)
    let result = test
    if (this.#takes("?")) {
      const yes = this.#expression()
      this.#expect(":")
      result = { kind: "choice", test, yes, no: this.#expression() }
    }
    this.#depth--
    return result
  }

  #binary(level: number): Expression {
    const operators = PRECEDENCE[level]
    if (operators === undefined) return this.#unary()
    let left = this.#binary(level + 1)
    while (operators.includes(this.#peek()))
      left = { kind: "binary", operator: this.#next(), left, right: this.#binary(level + 1) }
    return left
  }

  #unary(): Expression {
    if (++this.#depth > MOST_DEPTH) throw new NotUnderstood()
    const result = this.#unaryWithin()
    this.#depth--
    return result
  }

  #unaryWithin(): Expression {
    const token = this.#peek()
    if (["-", "+", "!", "~", "*", "&"].includes(token))
      return { kind: "unary", operator: this.#next(), of: this.#unary() }
    const type = token === "(" ? this.#castType() : ""
    if (type !== "") return { kind: "cast", type, of: this.#unary() }
    let result = this.#primary()
    while (this.#takes("[")) {
      result = { kind: "index", of: result, at: this.#expression() }
      this.#expect("]")
    }
    return result
  }

  /** The words in the parentheses that begin here when they are a type; '' when they are an expression. */
  #castType(): string {
    let at = this.#at + 1
    const words: string[] = []
    while (/^[A-Za-z_*]/.test(this.#tokens[at] ?? "")) words.push(this.#tokens[at++] ?? "")
    const isType =
      words.some((word) => TYPE_WORDS.has(word) || word === "*" || /_t$/.test(word)) || words[0] === "enum"
    if (this.#tokens[at] !== ")" || words.includes("REC") || !isType) return ""
    this.#at = at + 1
    return words.join(" ")
  }

  #primary(): Expression {
    const token = this.#next()
    if (token.startsWith('"')) {
      this.#at--
      return { kind: "text", value: this.#strings() }
    }
    if (token.startsWith("'")) return { kind: "number", value: BigInt(unquote(token).charCodeAt(0)) }
    if (/^\d/.test(token)) return { kind: "number", value: numberOf(token) }
    if (token === "(") {
      const inner = this.#expression()
      this.#expect(")")
      return inner
    }
    if (token === "{") return { kind: "pair", items: this.#list("}") }
    if (token === "REC") {
      this.#expect("->")
      return { kind: "field", name: this.#next() }
    }
    if (/^[A-Za-z_]/.test(token) && this.#takes("(")) return this.#call(token)
    throw new NotUnderstood()
  }

  #call(name: string): Expression {
    // Their first argument is the bare name of a field.
    if (/^__get_(?:str|dynamic_array|dynamic_array_len|bitmask|cpumask|rel_\w+|sockaddr)$/.test(name)) {
      const field: Expression = { kind: "field", name: this.#next() }
      this.#expect(")")
      return { kind: "call", name, args: [field] }
    }
    return { kind: "call", name, args: this.#list(")") }
  }

  #list(end: string): Expression[] {
    const items: Expression[] = []
    while (!this.#takes(end)) {
      items.push(this.#expression())
      if (!this.#takes(",") && this.#peek() !== end) throw new NotUnderstood()
    }
    return items
  }

  #peek(): string {
    return this.#tokens[this.#at] ?? ""
  }

  #next(): string {
    const token = this.#tokens[this.#at++]
    if (token === undefined) throw new NotUnderstood()
    return token
  }

  #takes(token: string): boolean {
    if (this.#peek() !== token) return false
    this.#at++
    return true
  }

  #expect(token: string): void {
    if (!this.#takes(token)) throw new NotUnderstood()
  }
}

function numberOf(token: string): bigint {
  const digits = token.replace(/[uUlL]+$/, "")
  return BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits)
}

function unquote(token: string): string {
  return token.slice(1, -1).replaceAll(/\\(.)/g, (_all, char: string) => ESCAPES.get(char) ?? char)
}
