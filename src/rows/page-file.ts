/**
 * The pages of a SQLite database file that is written from front to back: hands out page numbers in order and writes
 * full batches. Source: sqlite.org/fileformat2.html, sections 1.2 (pages) and 1.4 (lock-byte page).
 */
import { closeSync, constants, openSync } from "node:fs"
import { writeFully } from "./byte-output.ts"

/** SQLite locks the file through the byte at 1 GiB; the page it lies on holds nothing. */
const LOCK_BYTE = 0x4000_0000
const BATCH_BYTES = 1024 * 1024

export class PageFile {
  readonly pageSize: number
  /** Batch of pages; the page of the latest `claim()` is `slots[slot, slot + pageSize)`. */
  readonly slots: Buffer
  slot = 0
  private descriptor = -1
  private firstInBatch = 2
  private next = 2

  constructor(pageSize: number) {
    this.pageSize = pageSize
    this.slots = Buffer.alloc(Math.max(BATCH_BYTES, pageSize))
  }

  /** Makes the file, readable by its owner only; fails with EEXIST rather than touch what is there. */
  open(path: string): void {
    this.descriptor = openSync(
      path,
      constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
      0o600,
    )
    this.firstInBatch = 2
    this.next = 2
  }

  get isOpen(): boolean {
    return this.descriptor !== -1
  }

  /** Pages handed out so far, page 1 included. */
  get pages(): number {
    return this.next - 1
  }

  /** The number that the next `claim()` gives. */
  get upcoming(): number {
    return skipLockPage(this.next, this.pageSize)
  }

  /** Hands out the next page, zeroed and to be filled before the next claim; returns its number. */
  claim(): number {
    if (this.next !== this.upcoming) this.claimSlot()
    return this.claimSlot()
  }

  /** Writes page 1, which is known last, and closes the file. */
  finish(firstPage: Buffer): void {
    try {
      this.writeBatch()
      writeFully(this.descriptor, firstPage, 0)
    } finally {
      this.abandon()
    }
  }

  /** Closes the file as it is: without page 1 it is no database. */
  abandon(): void {
    const { descriptor } = this
    this.descriptor = -1
    if (descriptor !== -1) closeSync(descriptor)
  }

  writeBatch(): void {
    const { pageSize } = this
    const length = (this.next - this.firstInBatch) * pageSize
    if (length > 0) {
      writeFully(this.descriptor, this.slots.subarray(0, length), (this.firstInBatch - 1) * pageSize)
    }
    this.firstInBatch = this.next
  }

  private claimSlot(): number {
    let slot = (this.next - this.firstInBatch) * this.pageSize
    if (slot + this.pageSize > this.slots.length) {
      this.writeBatch()
      slot = 0
    }
    this.slots.fill(0, slot, slot + this.pageSize)
    this.slot = slot
    return this.next++
  }
}

/** `page`, or the page after it when `page` is the one that holds the lock byte. */
export function skipLockPage(page: number, pageSize: number): number {
  return page === LOCK_BYTE / pageSize + 1 ? page + 1 : page
}
