/**
 * BinXML compiled to a flat list of integers, which a record's values are run through.
 *
 *   elementOne Data end -1 3 1 3 · attributeText Name 0 11 0 7 · textSlot 3 · close
 *
 * Constant text lies in `literals`, UTF-8, which a run copies to the tape in one piece.
 */

/** Operations and the integers behind them. */
export const OP = {
  /** name, end, -, -, -, -: nothing in it depends on values */
  elementPlain: 1,
  /** name, end, dependency or -1, slot that drops it or -1, -, the only slot directly in it or -1 */
  elementOne: 2,
  /** name, end, dependency or -1, slot that drops it or -1, number of slots, the first in `lists` */
  elementMany: 3,
  close: 4,
  /** name, start, end, has, number of the text as a name */
  attributeText: 5,
  /** name, slot, optional, is `Name` */
  attributeSlot: 6,
  /** name, is `Name`, number of pieces, then pieces */
  attributeMixed: 7,
  /** start, end, has */
  text: 8,
  /** slot */
  textSlot: 9,
  /** number of pieces, then pieces */
  textMixed: 10,
  /** offset in the chunk of a template instance */
  instance: 11,
  /** target, start, end, has */
  instruction: 12,
} as const

/** Integers of an element operation. */
export const ELEMENT_STRIDE = 7
/** Of a piece: slot or -1, then of a constant start, end, has; of a slot whether it is optional. */
export const PIECE_STRIDE = 4

export interface Program {
  readonly ops: Int32Array
  readonly lists: Int32Array
  readonly literals: Buffer
  /** Slots of EventID, of TimeCreated@SystemTime and of EventRecordID; -1 when the values do not hold them. */
  readonly eventIdSlot: number
  readonly timeSlot: number
  readonly recordIdSlot: number
  /** True when all names had their hash and the definition ended where it should. */
  readonly isVerified: boolean
}
