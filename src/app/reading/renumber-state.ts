/** Moves the source numbers in a reader's saved state, when its source gets another number. */

interface Numbered {
  sourceId: number
}

/** Where readers keep what waits for more: Linux' events in the assembler, Windows' scripts in the normalizer. */
interface SavedState {
  readonly parser?: { readonly assembler?: { readonly open?: readonly Numbered[] } }
  readonly normalizer?: { readonly open?: readonly Numbered[] }
}

/** Text that is not ours comes back as it is. */
export function renumberState(text: string, idOffset: number): string {
  try {
    const state = JSON.parse(text) as SavedState
    for (const event of state.parser?.assembler?.open ?? []) event.sourceId += idOffset
    for (const script of state.normalizer?.open ?? []) script.sourceId += idOffset
    return JSON.stringify(state)
  } catch {
    return text
  }
}
