/**
 * Lines that are not one record: blocks of NULs that a crash left in the file, and a record that begins where
 * the end of the one before it was lost.
 *
 *   type=CWD msg=audit(1.2:3): cwd="/srv<NUL><NUL>…<NUL>type=PATH msg=audit(1.2:3): item=0 …
 *   type=CWD msg=audit(1.2:3): cwd="/srv/detype=PATH msg=audit(1.2:3): item=0 …
 */

const NUL = 0x00
const STAMP = Buffer.from(" msg=audit(", "latin1")
const TYPE = Buffer.from("type=", "latin1")
/** Longest type name, with room for names to come. */
const NAME_BYTES = 64

/** A stretch of NULs in a line, and what stands between such stretches. */
export interface TornParts {
  readonly texts: readonly (readonly [start: number, end: number])[]
  readonly nuls: readonly (readonly [start: number, end: number])[]
}

/** From this length on a stretch of NULs is a block of the disk, not a damaged byte. */
const BLOCK_BYTES = 512

/**
 * Takes the line `buffer[start, end)` apart at its NULs. A few NULs within a record stay in it: only a whole
 * block of them, or a record that begins behind them, says that another one ends there.
 */
export function splitAtNuls(buffer: Buffer, start: number, end: number): TornParts {
  const texts: [number, number][] = []
  const nuls: [number, number][] = []
  let at = start
  while (at < end) {
    let to = at + 1
    if (buffer[at] === NUL) {
      while (to < end && buffer[to] === NUL) to++
      nuls.push([at, to])
    } else {
      to = endOfText(buffer, at, end)
      texts.push([at, to])
    }
    at = to
  }
  return { texts, nuls }
}

/** Where the text that begins at `start` is cut by NULs. */
function endOfText(buffer: Buffer, start: number, end: number): number {
  let at = start
  while (at < end) {
    const nulAt = buffer.indexOf(NUL, at)
    if (nulAt < 0 || nulAt >= end) return end
    let to = nulAt
    while (to < end && buffer[to] === NUL) to++
    if (to === end || to - nulAt >= BLOCK_BYTES || beginsRecord(buffer, to)) return nulAt
    at = to
  }
  return end
}

function beginsRecord(buffer: Buffer, at: number): boolean {
  const word = buffer.latin1Slice(at, Math.min(at + TYPE.length, buffer.length))
  return word === "type=" || word === "node="
}

/**
 * Where a second record begins in a line, given the place of its ` msg=audit(`: at its `type=`. -1 when no type
 * stands there.
 */
export function findSecondRecord(buffer: Buffer, start: number, stampAt: number): number {
  const from = Math.max(start, stampAt - NAME_BYTES - TYPE.length)
  const at = buffer.lastIndexOf(TYPE, stampAt)
  if (at < from) return -1
  for (let name = at + TYPE.length; name < stampAt; name++) {
    const byte = buffer[name] as number
    const isWord = (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x5f
    if (!isWord && byte !== 0x5b && byte !== 0x5d) return -1
  }
  return stampAt > at + TYPE.length ? at : -1
}

/** Where ` msg=audit(` begins whose parenthesis stands at `at`; -1 when it is another one, as in `(null)`. */
export function stampBefore(buffer: Buffer, at: number): number {
  const from = at + 1 - STAMP.length
  if (from < 0) return -1
  for (let i = 0; i < STAMP.length; i++) if (buffer[from + i] !== STAMP[i]) return -1
  return from
}

/**
 * True for records that only the kernel writes: their text cannot hold another record, since the kernel puts
 * text with a blank into hex. What programs say in `msg='…'` can.
 */
export function isKernelType(type: number): boolean {
  return (type >= 1300 && type <= 1399) || (type >= 1700 && type <= 1899)
}
