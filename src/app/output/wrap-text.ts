/** Breaks messages at blanks, for terminals of 80 columns. */

export const MESSAGE_WIDTH = 80

/** `text` in lines of at most `width` columns where its words allow; the second line and later ones get `indent`. */
export function wrapText(text: string, width = MESSAGE_WIDTH, indent = ""): string {
  const lines: string[] = []
  let line = ""
  for (const word of text.split(" ")) {
    if (line === "") line = (lines.length === 0 ? "" : indent) + word
    else if (line.length + 1 + word.length <= width) line += ` ${word}`
    else {
      lines.push(line)
      line = indent + word
    }
  }
  lines.push(line)
  return lines.join("\n")
}
