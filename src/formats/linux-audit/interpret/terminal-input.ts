/**
 * Keystrokes of TTY records: printable stretches in quotes, keys by name.
 * Source of truth: audit-userspace auparse/interpret.c (print_tty_data); ECMA-48, terminfo of xterm and linux.
 *
 *   6C730D1B5B41   →   "ls",<ret>,<up>
 */

const CONTROL_NAMES: ReadonlyMap<number, string> = new Map([
  [0x08, "backspace"],
  [0x09, "tab"],
  [0x0a, "nl"],
  [0x0d, "ret"],
  [0x1b, "esc"],
  [0x7f, "backspace"],
])

/** What follows ESC, or the single byte CSI in place of `ESC [`. */
const SEQUENCES: readonly (readonly [sequence: string, key: string])[] = [
  ...keysOf(
    "[A up,[B down,[C right,[D left,[F end,[H home,[Z back-tab,[P F4,[[A F1,[[B F2,[[C F3,[[D F4,[[E F5",
  ),
  ...keysOf("OA up,OB down,OC right,OD left,OF end,OH home,OM send,OP F1,OQ F2,OR F3,OS F4"),
  ...keysOf("[1~ home,[2~ insert,[3~ delete,[4~ end,[5~ page-up,[6~ page-down,[7~ home,[8~ end"),
  ...keysOf(
    "[11~ F1,[12~ F2,[13~ F3,[14~ F4,[15~ F5,[17~ F6,[18~ F7,[19~ F8,[20~ F9,[21~ F10,[23~ F11,[24~ F12",
  ),
  ...keysOf("[1;2A scroll-backward,[1;2B scroll-forward,[1;2C shift-right,[1;2D shift-left,[3;2~ shift-del"),
]

function keysOf(list: string): (readonly [string, string])[] {
  return list.split(",").map((entry) => {
    const space = entry.indexOf(" ")
    return [entry.slice(0, space), entry.slice(space + 1)] as const
  })
}

export function formatTerminalInput(bytes: Buffer): string {
  const parts: string[] = []
  let printable = ""
  for (let at = 0; at < bytes.length; ) {
    const key = keyAt(bytes, at)
    if (key === undefined) {
      printable += formatByte(bytes[at++] ?? 0)
      continue
    }
    if (printable !== "") parts.push(`"${printable}"`)
    printable = ""
    parts.push(`<${key.name}>`)
    at += key.length
  }
  if (printable !== "") parts.push(`"${printable}"`)
  return parts.join(",")
}

interface Key {
  readonly name: string
  readonly length: number
}

function keyAt(bytes: Buffer, at: number): Key | undefined {
  const byte = bytes[at] ?? 0
  if (byte >= 0x20 && byte !== 0x7f && byte !== 0x9b) return undefined
  if (byte === 0x1b) {
    for (const [sequence, name] of SEQUENCES) {
      if (startsWith(bytes, at + 1, sequence)) return { name, length: 1 + sequence.length }
    }
  }
  if (byte === 0x9b) {
    for (const [sequence, name] of SEQUENCES) {
      if (sequence.startsWith("[") && startsWith(bytes, at + 1, sequence.slice(1)))
        return { name, length: sequence.length }
    }
    return undefined
  }
  const name = CONTROL_NAMES.get(byte)
  if (name !== undefined) return { name, length: 1 }
  return byte >= 1 && byte <= 0x1a ? { name: `^${String.fromCharCode(0x40 + byte)}`, length: 1 } : undefined
}

function startsWith(bytes: Buffer, at: number, text: string): boolean {
  for (let next = 0; next < text.length; next++) {
    if (bytes[at + next] !== text.charCodeAt(next)) return false
  }
  return true
}

/** Octal for what has no key and is not ASCII, as in a C string. */
function formatByte(byte: number): string {
  if (byte < 0x20 || byte > 0x7e) return `\\${byte.toString(8).padStart(3, "0")}`
  return byte === 0x22 || byte === 0x5c ? `\\${String.fromCharCode(byte)}` : String.fromCharCode(byte)
}
