/** Counts, sizes and times as people read them: the same text in every command. */

const UNITS = ["KiB", "MiB", "GiB", "TiB", "PiB"] as const

/** `1 004 217`; no locale of the machine has a say. */
export function countText(count: number | bigint): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, " ")
}

/** `1 004 217 records`, `1 record`. */
export function countOf(count: number | bigint, thing: string): string {
  return `${countText(count)} ${thing}${count === 1 || count === 1n ? "" : "s"}`
}

/** `7.3 MiB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1024) return bytes === 1 ? "1 byte" : `${bytes} bytes`
  let amount = bytes / 1024
  let unit = 0
  while (amount >= 1023.95 && unit < UNITS.length - 1) {
    amount /= 1024
    unit++
  }
  return `${amount.toFixed(1)} ${UNITS[unit] ?? ""}`
}

/** Years 0 to 9999; what lies outside is no time of a log, and Date prints it differently. */
const EARLIEST_S = -62_167_219_200
const LATEST_S = 253_402_300_799

/** `2026-03-01T04:11:09Z` from unix seconds; times that no calendar holds are shown as `@seconds`. */
export function timeText(seconds: number | bigint): string {
  const whole = Number(seconds)
  if (!(whole >= EARLIEST_S && whole <= LATEST_S)) return `@${seconds}`
  return `${new Date(Math.floor(whole) * 1000).toISOString().slice(0, 19)}Z`
}
