/** The guards against archives made to exhaust the reader, as plain numbers so that a caller can tighten them. */

import { LIMITS } from "../base/limits.ts"

export interface SourceLimits {
  readonly compressionRatio: number
  readonly ratioFloorBytes: number
  readonly unpackedBytes: number
  readonly archiveMembers: number
  readonly nestedArchives: number
  readonly nestedZipBytes: number
  readonly tarPasses: number
}

export const SOURCE_LIMITS: SourceLimits = {
  compressionRatio: LIMITS.compressionRatio.value,
  ratioFloorBytes: LIMITS.ratioFloorBytes.value,
  unpackedBytes: LIMITS.unpackedBytes.value,
  archiveMembers: LIMITS.archiveMembers.value,
  nestedArchives: LIMITS.nestedArchives.value,
  nestedZipBytes: LIMITS.nestedZipBytes.value,
  tarPasses: LIMITS.tarPasses.value,
}

/** Why `content` bytes out of `stored` bytes are a bomb, '' when they are none. */
export function describeBomb(stored: number, content: number, limits: SourceLimits): string {
  if (content > limits.unpackedBytes) return `more than ${limits.unpackedBytes} bytes come out of it`
  if (content > limits.ratioFloorBytes && content > stored * limits.compressionRatio) {
    return `${content} bytes came out of ${stored}, more than ${limits.compressionRatio} times as many`
  }
  return ""
}
