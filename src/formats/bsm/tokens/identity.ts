/**
 * The identity token of macOS: who signed the program that made the call, at the time of the call. In an exec record
 * that is the image before the exec. Source: XNU audit_bsm_token.c au_to_identity().
 *
 *   signer type u32 | signing id str16 | cut u8 | team id str16 | cut u8 | cdhash blob16
 */
import type { BsmRecord } from "../record.ts"
import { readU32 } from "./integers.ts"
import { readBlob16, readStr16, type TextRange } from "./text-range.ts"

export class Identity {
  /** 1: a program of the system. */
  signerType = 0
  readonly signingId: TextRange = { from: 0, to: 0 }
  isSigningIdCut = false
  readonly teamId: TextRange = { from: 0, to: 0 }
  isTeamIdCut = false
  /** 20 bytes or none. */
  readonly cdhash: TextRange = { from: 0, to: 0 }
}

/** @param token with id identity */
export function readIdentity(record: BsmRecord, token: number, into: Identity): void {
  const { bytes } = record
  let at = record.from(token)
  into.signerType = readU32(bytes, at)
  at = behindStr16(bytes, at + 4, into.signingId)
  into.isSigningIdCut = bytes[at] !== 0
  at = behindStr16(bytes, at + 1, into.teamId)
  into.isTeamIdCut = bytes[at] !== 0
  readBlob16(bytes, at + 1, into.cdhash)
}

function behindStr16(bytes: Uint8Array, at: number, into: TextRange): number {
  readBlob16(bytes, at, into)
  const { to } = into
  readStr16(bytes, at, into)
  return to
}
