/**
 * Groups records whose serial the medium lost (journalctl -o short, -o cat) into events by their order.
 * Source of truth: kernel/auditsc.c audit_log_exit, which writes the records of one event in this order:
 * what was logged during the call (AVC, CONFIG_CHANGE, LOGIN …), SYSCALL, the call's own record (EXECVE,
 * SOCKETCALL …), FD_PAIR, SOCKADDR, OBJ_PID, CWD, PATH, PROCTITLE, EOE.
 */

const RANK_BEFORE = 0
const RANK_SYSCALL = 1
const RANK_CALL = 2
const RANK_CWD = 6
const RANK_PROCTITLE = 8

const RANKS: ReadonlyMap<number, number> = new Map([
  [1300, RANK_SYSCALL],
  [1336, RANK_SYSCALL],
  [1303, RANK_CALL],
  [1304, RANK_CALL],
  [1309, RANK_CALL],
  [1311, RANK_CALL],
  [1312, RANK_CALL],
  [1313, RANK_CALL],
  [1314, RANK_CALL],
  [1315, RANK_CALL],
  [1321, RANK_CALL],
  [1322, RANK_CALL],
  [1323, RANK_CALL],
  [1330, RANK_CALL],
  [1337, RANK_CALL],
  [1317, 3],
  [1306, 4],
  [1318, 5],
  [1307, RANK_CWD],
  [1302, 7],
  [1327, RANK_PROCTITLE],
  [1320, 9],
])
/** Ranks of which an event has at most one record: FD_PAIR, SOCKADDR, CWD. */
const SINGULAR_RANKS: ReadonlySet<number> = new Set([3, 4, RANK_CWD])
/** TIME_INJOFFSET and TIME_ADJNTPVAL: before SYSCALL until Linux 5.18, after it since. */
const TIME_TYPES: ReadonlySet<number> = new Set([1332, 1333])
/** SECCOMP and ANOM_ABEND: a second one tells of another process. */
const UNREPEATED_TYPES: ReadonlySet<number> = new Set([1326, 1701])

interface State {
  serial: number
  isOpen: boolean
  openSerial: number
  rank: number
  lastType: number
  hasSyscall: boolean
  /** Null stands for NaN, which JSON lacks. */
  sec: number | null
  nsec: number
  host: string
}

/** Makes up the serials of one stream of records. */
export class Adjacency {
  #state: State = {
    serial: 0,
    isOpen: false,
    openSerial: 0,
    rank: 0,
    lastType: 0,
    hasSyscall: false,
    sec: null,
    nsec: 0,
    host: "",
  }

  /** Serial of the next record; equal serials make one event. `sec` may be NaN. */
  next(type: number, sec: number, nsec: number, host: string): number {
    if (isSingleRecord(type)) return this.#newSerial()
    const state = this.#state
    const rank = this.#rankOf(type)
    const isSameTime = state.sec === (Number.isNaN(sec) ? null : sec) && state.nsec === nsec
    if (!isSameTime || state.host !== host || !this.#canFollow(type, rank)) this.#open(sec, nsec, host)
    state.rank = rank
    state.lastType = type
    if (rank === RANK_SYSCALL) state.hasSyscall = true
    if (rank >= RANK_PROCTITLE) state.isOpen = false
    return state.openSerial
  }

  save(): unknown {
    return this.#state
  }

  /** Takes back what `save` gave, after a round trip through JSON; anything else is ignored. */
  restore(saved: unknown): void {
    if (typeof saved !== "object" || saved === null) return
    const state = new Map(Object.entries(saved))
    for (const [name, value] of Object.entries(this.#state)) {
      const isNullable = name === "sec"
      const restored = state.get(name)
      if (typeof restored !== typeof value && !(isNullable && typeof restored === "number")) return
    }
    this.#state = { ...this.#state, ...saved }
  }

  /** An io_uring event has both SYSCALL and URINGOP, in either order. */
  #canFollow(type: number, rank: number): boolean {
    const state = this.#state
    if (!state.isOpen) return false
    if (rank === RANK_BEFORE)
      return !state.hasSyscall && !(state.lastType === type && UNREPEATED_TYPES.has(type))
    if (rank < state.rank) return false
    if (rank > state.rank) return true
    return rank === RANK_SYSCALL ? type !== state.lastType : !SINGULAR_RANKS.has(rank)
  }

  #rankOf(type: number): number {
    const { isOpen, hasSyscall, rank } = this.#state
    if (TIME_TYPES.has(type)) return isOpen && hasSyscall && rank <= RANK_CALL ? RANK_CALL : RANK_BEFORE
    return RANKS.get(type) ?? RANK_BEFORE
  }

  #open(sec: number, nsec: number, host: string): void {
    const state = this.#state
    state.openSerial = this.#newSerial()
    state.isOpen = true
    state.hasSyscall = false
    state.sec = Number.isNaN(sec) ? null : sec
    state.nsec = nsec
    state.host = host
  }

  #newSerial(): number {
    const serial = (this.#state.serial + 1) >>> 0
    this.#state.serial = serial
    return serial
  }
}

/**
 * Types of which one record is a whole event (audit-userspace common/common.c audit_is_last_record). They may
 * come between the records of another event, which stays open.
 */
function isSingleRecord(type: number): boolean {
  if (type >= 1300 && type < 2100) return type === 2000 || (type >= 1406 && type <= 1419)
  return type !== 1006 && type >= 1005
}
