/** The words of auditreduce's options as a selection of BSM records. Source: auditreduce(1). */
import { nearestNames } from "../base/nearest-names.ts"
import { classNames, readClassFlags } from "../formats/bsm/select/class-flags.ts"
import { PatternError } from "../formats/bsm/select/pattern-node.ts"
import type { BsmSelection, ClassFlags, ObjectKind, SelectedObject } from "../formats/bsm/select/selection.ts"
import { BsmSelector } from "../formats/bsm/select/selector.ts"
import { allEventNames, eventNumbers } from "../formats/bsm/tables/events.ts"
import { UsageError } from "./errors.ts"
import type { Accounts } from "./reading/reader.ts"

export interface SelectionWords {
  readonly event?: readonly string[] | undefined
  readonly class?: string | undefined
  readonly auid?: string | undefined
  readonly euid?: string | undefined
  readonly egid?: string | undefined
  readonly ruid?: string | undefined
  readonly rgid?: string | undefined
  readonly pid?: string | undefined
  readonly object?: readonly string[] | undefined
  readonly zone?: string | undefined
  readonly invert?: boolean | undefined
}

const OBJECT_KINDS: readonly ObjectKind[] = ["file", "pid", "msgqid", "semid", "shmid"]
const MAX_EVENT = 65_535
const MAX_ID = 0xffff_ffff
const MIN_ID = -0x8000_0000

/** undefined when nothing is asked. @throws UsageError */
export function readSelection(
  words: SelectionWords,
  accounts: Accounts | undefined,
): BsmSelection | undefined {
  const { event, object, zone, invert } = words
  const selection: BsmSelection = {
    ...(event === undefined ? {} : { events: event.flatMap((list) => list.split(",")).map(readEvent) }),
    ...(words.class === undefined ? {} : { classes: readClasses(words.class) }),
    ...readIds(words, accounts),
    ...(words.pid === undefined ? {} : { pid: readId("--pid", words.pid, undefined) }),
    ...(object === undefined ? {} : { objects: object.map(readObject) }),
    ...(zone === undefined ? {} : { zone }),
    ...(invert === true ? { inverts: true } : {}),
  }
  if (Object.keys(selection).length === 0) return undefined
  checkPatterns(selection)
  return selection
}

function readEvent(word: string): number | string {
  const text = word.trim()
  if (/^\d{1,5}$/.test(text) && Number(text) <= MAX_EVENT) return Number(text)
  if (eventNumbers(text).length > 0) return text
  const near = nearestNames(text, allEventNames())
  const suggestion =
    near.length > 0 ? `Did you mean: ${near.join(", ")}?` : "Give numbers or names: AUE_EXECVE"
  throw new UsageError(`--event: there is no event ${text || "without a name"}`, suggestion)
}

function readClasses(text: string): ClassFlags {
  const flags = readClassFlags(text)
  if (typeof flags !== "string") return flags
  throw new UsageError(
    `--class: there is no class ${flags || "without a name"}`,
    `There are: ${classNames().join(", ")}.`,
  )
}

function readIds(words: SelectionWords, accounts: Accounts | undefined): BsmSelection {
  const { auid, euid, egid, ruid, rgid } = words
  const users = accounts?.users
  const groups = accounts?.groups
  return {
    ...(auid === undefined ? {} : { auid: readId("--auid", auid, users) }),
    ...(euid === undefined ? {} : { euid: readId("--euid", euid, users) }),
    ...(egid === undefined ? {} : { egid: readId("--egid", egid, groups) }),
    ...(ruid === undefined ? {} : { ruid: readId("--ruid", ruid, users) }),
    ...(rgid === undefined ? {} : { rgid: readId("--rgid", rgid, groups) }),
  }
}

/** Unsigned: -1 is the id that is not set. */
function readId(flag: string, word: string, names: ReadonlyMap<number, string> | undefined): number {
  if (/^-?\d{1,10}$/.test(word) && Number(word) <= MAX_ID && Number(word) >= MIN_ID) return Number(word) >>> 0
  for (const [id, name] of names ?? []) if (name === word) return id
  throw new UsageError(
    `${flag}: ${word || "nothing"} is no id`,
    flag === "--pid" ? "Give a number." : "Give a number, or a name that --passwd or --group has.",
  )
}

function readObject(word: string): SelectedObject {
  const [, name = "", value = ""] = /^([^=]*)=(.*)$/s.exec(word) ?? []
  const kind = OBJECT_KINDS.find((one) => one === name)
  if (kind === undefined)
    throw new UsageError(
      `--object: ${word || "nothing"} is no object`,
      `Give KIND=VALUE; kinds are ${OBJECT_KINDS.join(", ")}.`,
    )
  if (kind === "file") return { kind, value }
  if (/^\d{1,10}$/.test(value) && Number(value) <= MAX_ID) return { kind, value }
  throw new UsageError(`--object: ${kind}= takes a number`, `For example ${kind}=4242`)
}

/** The patterns are read where they are used; here for what is wrong with them. */
function checkPatterns(selection: BsmSelection): void {
  try {
    new BsmSelector(selection)
  } catch (error) {
    if (!(error instanceof PatternError)) throw error
    throw new UsageError(
      `--object or --zone: ${error.message}`,
      "--object file= takes extended regular expressions apart by commas, --zone a glob.",
    )
  }
}
