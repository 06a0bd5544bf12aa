/** What a BPF capture has lost, by the counters of its own programs. Source of truth: native/bpf/capture.h. */

export interface BpfFigures {
  /** Records that there were to write: written and read, plus those below. */
  readonly attempted: number
  readonly emitted: number
  /** The ring had no room. */
  readonly lost: number
  /** In the ring when the capture was cut short. */
  readonly unread: number
  /** Calls whose beginning was not noted, since too many were under way: their records lack what the caller gave. */
  readonly unpaired: number
  /** Nothing at all is missing. */
  readonly isNone: boolean
}
