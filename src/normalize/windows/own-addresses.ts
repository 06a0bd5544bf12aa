/** Which addresses each host has been seen to open connections from. */

/** Beyond it, of all hosts together, nothing more is learnt. */
const MAX_ADDRESSES = 16_384

export class OwnAddresses {
  readonly #hosts = new Map<string, Set<string>>()
  #size = 0

  learn(host: string, address: string): void {
    if (address === "" || this.#size >= MAX_ADDRESSES) return
    let addresses = this.#hosts.get(host)
    if (addresses === undefined) {
      addresses = new Set()
      this.#hosts.set(host, addresses)
    }
    if (addresses.has(address)) return
    addresses.add(address)
    this.#size++
  }

  saveState(): [host: string, addresses: string[]][] {
    return [...this.#hosts].map(([host, addresses]) => [host, [...addresses]])
  }

  restoreState(state: readonly (readonly [host: string, addresses: readonly string[]])[]): void {
    for (const [host, addresses] of state) for (const address of addresses) this.learn(host, address)
  }

  has(host: string, address: string): boolean {
    return this.#hosts.get(host)?.has(address) ?? false
  }
}
