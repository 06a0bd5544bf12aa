/** Moves the source numbers in a reader's saved state, when its source gets another number. */

/** Text that is not ours comes back as it is. */
export function renumberState(text: string, idOffset: number): string {
  try {
    const state = JSON.parse(text) as { parser: { assembler: { open: { sourceId: number }[] } } }
    for (const event of state.parser.assembler.open) event.sourceId += idOffset
    return JSON.stringify(state)
  } catch {
    return text
  }
}
