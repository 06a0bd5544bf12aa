/** Gaps by which a live capture counts as one that lost records: exit code 4. The kinds are those of GAP_KINDS. */
export const LOSS_KINDS: ReadonlySet<string> = new Set([
  "pipe-drops",
  "pipe-truncates",
  "lost-messages",
  "lost-of-type",
  "lost-records",
])
