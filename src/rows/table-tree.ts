/**
 * The b-tree of one rowid table, built from the leaves up: rows come in rowid order, full leaves go to the file, the
 * interior pages follow at the end. Source: sqlite.org/fileformat2.html, sections 1.6 (b-tree pages) and 2.3.
 */
import { copyShort, viewOf } from "../base/growing-bytes.ts"
import type { PageFile } from "./page-file.ts"
import type { RecordEncoder } from "./record-encoder.ts"
import { varintLength, writeVarint } from "./varint.ts"

const LEAF = 0x0d
const INTERIOR = 0x05
const LEAF_HEADER = 8
const INTERIOR_HEADER = 12
const POINTER_BYTES = 2
const PAGE_NUMBER_BYTES = 4
const LOOP_BYTES = 64

/** Pages of one level from left to right, each with the largest rowid below it. */
interface Level {
  readonly pages: number[]
  readonly lastRowids: number[]
}

export class TableTree {
  private readonly file: PageFile
  private readonly leaf: Buffer
  private readonly leafView: DataView
  private readonly leaves: Level = { pages: [], lastRowids: [] }
  /** Bytes of each leaf that stay free, at the end of the pointer array. */
  private readonly spare: number
  private cells = 0
  /** Start of the cells, which grow down from the page's end. */
  private top: number
  private rowid = 0

  constructor(file: PageFile, spare = 0) {
    this.file = file
    this.spare = spare
    this.leaf = Buffer.alloc(file.pageSize)
    this.leafView = viewOf(this.leaf)
    this.top = file.pageSize
  }

  /** Forgets all rows; the buffers stay. */
  reset(): void {
    this.leaves.pages.length = 0
    this.leaves.lastRowids.length = 0
    this.rowid = 0
    this.clearLeaf()
  }

  /** Adds the encoder's finished record as the next row. */
  add({ out, start }: RecordEncoder): void {
    const payload = out.used - start
    const local = this.localBytes(payload)
    const rowid = this.rowid + 1
    const overflowBytes = local < payload ? PAGE_NUMBER_BYTES : 0
    const size = varintLength(payload) + varintLength(rowid) + local + overflowBytes
    if (this.cells > 0 && this.top - size < this.pointersEnd() + POINTER_BYTES) this.flushLeaf()
    this.rowid = rowid
    this.top -= size
    const { leaf } = this
    const pointer = LEAF_HEADER + this.cells * POINTER_BYTES
    leaf[pointer] = this.top >> 8
    leaf[pointer + 1] = this.top
    this.cells++
    let at = writeVarint(leaf, this.top, payload)
    at = writeVarint(leaf, at, rowid)
    if (local > LOOP_BYTES) out.bytes.copy(leaf, at, start, start + local)
    else copyShort(out.view, start, this.leafView, at, local)
    if (local < payload) {
      leaf.writeUInt32BE(this.file.upcoming, at + local)
      this.writeOverflow(out.bytes, start + local, out.used)
    }
  }

  /** Writes what is left of the leaves and the interior pages; returns the root's page number. */
  finish(): number {
    if (this.cells > 0 || this.leaves.pages.length === 0) this.flushLeaf()
    let level: Level = this.leaves
    while (level.pages.length > 1) level = this.writeInteriors(level)
    return level.pages[0] as number
  }

  /**
   * Writes the tree with its root on page 1, behind the file's header of `spare` bytes; `page` is that page, zeroed.
   * A single leaf moves there: its cells stay where they are, its pointers move into the bytes kept free. One cell can
   * be too long for that: then page 1 is an interior page with a single child, which is allowed on page 1 only.
   */
  finishOnFirstPage(page: Buffer): void {
    if (this.leaves.pages.length === 0 && this.top >= this.pointersEnd()) {
      this.closeLeaf()
      this.leaf.copy(page, this.spare, 0, LEAF_HEADER + this.cells * POINTER_BYTES)
      this.leaf.copy(page, this.top, this.top)
      return
    }
    if (this.cells > 0) this.flushLeaf()
    let level: Level = this.leaves
    while (level.pages.length > this.fanout(this.spare)) level = this.writeInteriors(level)
    writeInterior(page, 0, this.file.pageSize, this.spare, level, 0, level.pages.length)
  }

  private pointersEnd(): number {
    return LEAF_HEADER + this.cells * POINTER_BYTES + this.spare
  }

  /** How much of a payload stays in the leaf; the rest goes to overflow pages. */
  private localBytes(payload: number): number {
    const usable = this.file.pageSize
    if (payload <= usable - 35) return payload
    const least = Math.floor(((usable - 12) * 32) / 255) - 23
    const fitting = least + ((payload - least) % (usable - PAGE_NUMBER_BYTES))
    return fitting <= usable - 35 ? fitting : least
  }

  private writeOverflow(source: Buffer, start: number, end: number): void {
    const { file } = this
    const capacity = file.pageSize - PAGE_NUMBER_BYTES
    for (let from = start; from < end; from += capacity) {
      file.claim()
      const isLast = from + capacity >= end
      file.slots.writeUInt32BE(isLast ? 0 : file.upcoming, file.slot)
      source.copy(file.slots, file.slot + PAGE_NUMBER_BYTES, from, Math.min(end, from + capacity))
    }
  }

  private closeLeaf(): void {
    const { leaf } = this
    leaf[0] = LEAF
    leaf.writeUInt16BE(0, 1)
    leaf.writeUInt16BE(this.cells, 3)
    // 65536 is written as 0.
    leaf.writeUInt16BE(this.top & 0xffff, 5)
    leaf[7] = 0
    // Between pointers and cells lie rows of an earlier page.
    leaf.fill(0, LEAF_HEADER + this.cells * POINTER_BYTES, this.top)
  }

  private flushLeaf(): void {
    this.closeLeaf()
    const page = this.file.claim()
    this.leaf.copy(this.file.slots, this.file.slot)
    this.leaves.pages.push(page)
    this.leaves.lastRowids.push(this.rowid)
    this.clearLeaf()
  }

  private clearLeaf(): void {
    this.cells = 0
    this.top = this.file.pageSize
  }

  /** Children an interior page holds for certain, with `reserved` bytes of it in use. */
  private fanout(reserved: number): number {
    const cell = POINTER_BYTES + PAGE_NUMBER_BYTES + varintLength(this.rowid)
    return Math.floor((this.file.pageSize - reserved - INTERIOR_HEADER) / cell) + 1
  }

  /** Spreads a level evenly over interior pages, so that each has two children at least. */
  private writeInteriors(level: Level): Level {
    const { file } = this
    const children = level.pages.length
    const parents = Math.ceil(children / this.fanout(0))
    const above: Level = { pages: [], lastRowids: [] }
    for (let parent = 0; parent < parents; parent++) {
      const from = Math.floor((children * parent) / parents)
      const to = Math.floor((children * (parent + 1)) / parents)
      above.pages.push(file.claim())
      above.lastRowids.push(level.lastRowids[to - 1] as number)
      writeInterior(file.slots, file.slot, file.pageSize, 0, level, from, to)
    }
    return above
  }
}

/** Writes the interior page over children `from` to `to` of `level`; its header stands `headerAt` bytes into the page. */
function writeInterior(
  target: Buffer,
  page: number,
  pageSize: number,
  headerAt: number,
  level: Level,
  from: number,
  to: number,
): void {
  const header = page + headerAt
  let top = pageSize
  for (let child = from; child < to - 1; child++) {
    const rowid = level.lastRowids[child] as number
    top -= PAGE_NUMBER_BYTES + varintLength(rowid)
    target.writeUInt32BE(level.pages[child] as number, page + top)
    writeVarint(target, page + top + PAGE_NUMBER_BYTES, rowid)
    target.writeUInt16BE(top, header + INTERIOR_HEADER + (child - from) * POINTER_BYTES)
  }
  target[header] = INTERIOR
  target.writeUInt16BE(to - from - 1, header + 3)
  target.writeUInt16BE(top & 0xffff, header + 5)
  target.writeUInt32BE(level.pages[to - 1] as number, header + 8)
}
