/** Which records are wanted: the options of auditreduce(1) as data that can be sent to another process. */

/** Bits of event classes, of calls that succeeded and of those that failed. */
export interface ClassFlags {
  readonly success: number
  readonly failure: number
}

export type ObjectKind = "file" | "pid" | "msgqid" | "semid" | "shmid"

/** `file` has patterns, the others a number. */
export interface SelectedObject {
  readonly kind: ObjectKind
  readonly value: string
}

export interface BsmSelection {
  /** -m: numbers or names; one of them. */
  readonly events?: readonly (number | string)[]
  /** -c */
  readonly classes?: ClassFlags
  /** -u, -e, -f, -r, -g: unsigned. */
  readonly auid?: number
  readonly euid?: number
  readonly egid?: number
  readonly ruid?: number
  readonly rgid?: number
  /** -j: of the subject. */
  readonly pid?: number
  /** -o, one of a kind. */
  readonly objects?: readonly SelectedObject[]
  /** -z: a glob. */
  readonly zone?: string
  /** -v: the records that do not match. */
  readonly inverts?: boolean
}
