/** A queue between two stages of the pipeline, counted in records; the stage in front of it keeps the bound. */

export interface QueuedWork<Work> {
  /** Records that it stands for. */
  readonly records: number
  readonly work: Work
}

export class WorkQueue<Work> {
  #items: QueuedWork<Work>[] = []
  #records = 0
  #highest = 0
  #isClosed = false
  #wake: (() => void) | undefined

  /** Records that wait; what was taken still counts until `done`. */
  get records(): number {
    return this.#records
  }

  /** The most that ever waited. */
  get highest(): number {
    return this.#highest
  }

  put(records: number, work: Work): void {
    this.#items.push({ records, work })
    this.#records += records
    this.#highest = Math.max(this.#highest, this.#records)
    this.#signal()
  }

  /** No more will come; what waits is still handed out. */
  close(): void {
    this.#isClosed = true
    this.#signal()
  }

  /** Waits for work and takes all there is; `undefined` once the queue is closed and empty. */
  async take(): Promise<readonly QueuedWork<Work>[] | undefined> {
    while (this.#items.length === 0) {
      if (this.#isClosed) return undefined
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    const items = this.#items
    this.#items = []
    return items
  }

  /** So many records of what was taken no longer wait. */
  done(records: number): void {
    this.#records -= records
  }

  #signal(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }
}
