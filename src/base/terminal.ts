/**
 * Text on its way to a terminal: nothing that a log's author wrote may move the cursor, hide, reorder or break
 * a line. Unicode General_Category and Default_Ignorable_Code_Point say what is dangerous, East Asian Width
 * (UAX #11) says how wide the rest is.
 */

/** Controls, format characters (bidi, zero-width, tags), lone surrogates, separators, invisible characters. */
const DANGEROUS = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u
const ALL_DANGEROUS = new RegExp(DANGEROUS, "gu")

const NO_WIDTH = /[\p{Mn}\p{Me}\u1160-\u11ff]/u
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/

/**
 * `text` with every dangerous character spelled out: `\n`, `\t`, `\r`, `\x1b`, `\u{202e}`. The result is one
 * line. It is for eyes only: backslashes of the text stay as they are, so it cannot be turned back.
 */
export function escapeForTerminal(text: string): string {
  return PRINTABLE_ASCII.test(text) ? text : text.replace(ALL_DANGEROUS, spellOut)
}

/** JSON text with every dangerous character as `\uXXXX`: still the same JSON value. */
export function escapeJsonForTerminal(json: string): string {
  return PRINTABLE_ASCII.test(json) ? json : json.replace(ALL_DANGEROUS, spellOutInJson)
}

/** Columns that an escaped text takes: wide characters two, combining marks none. */
export function displayWidth(text: string): number {
  if (PRINTABLE_ASCII.test(text)) return text.length
  let width = 0
  for (const character of text) width += characterWidth(character)
  return width
}

/** An escaped text cut to at most `width` columns, `…` in place of what was left out; no character is split. */
export function cutToWidth(text: string, width: number): string {
  if (text.length <= width && PRINTABLE_ASCII.test(text)) return text
  if (displayWidth(text) <= width) return text
  if (width <= 0) return ""
  let used = 0
  let end = 0
  for (const character of text) {
    const next = used + characterWidth(character)
    if (next > width - 1) break
    used = next
    end += character.length
  }
  return `${text.slice(0, end)}…`
}

function characterWidth(character: string): number {
  if (character < "\u0300") return 1
  if (NO_WIDTH.test(character)) return 0
  return WIDE.test(character) ? 2 : 1
}

function spellOut(character: string): string {
  if (character === "\n") return "\\n"
  if (character === "\t") return "\\t"
  if (character === "\r") return "\\r"
  const code = character.codePointAt(0) ?? 0
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`
}

function spellOutInJson(character: string): string {
  let escaped = ""
  for (let at = 0; at < character.length; at++) {
    escaped += `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`
  }
  return escaped
}
