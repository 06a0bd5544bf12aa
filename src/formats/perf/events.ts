/**
 * Names of events as small integers: the known ones are the same in every recording, others are numbered as they come.
 *
 * Known are the system calls that osquery's BPF publisher hooks, clone3 and execveat with them, and the scheduler's
 * events of a process. Source: osquery 5.22 events/linux/bpf/bpfeventpublisher.cpp; Linux' include/trace/events.
 */

const CALLS = [
  ..."fork vfork clone clone3 close dup dup2 dup3 creat mknod mknodat open openat openat2".split(" "),
  ..."name_to_handle_at open_by_handle_at execve execveat socket fcntl connect accept accept4".split(" "),
  ..."bind listen chdir fchdir".split(" "),
] as const

const OTHERS = [
  "sched:sched_process_exec",
  "sched:sched_process_fork",
  "sched:sched_process_exit",
  "sched:sched_prepare_exec",
  "task:task_newtask",
  "task:task_rename",
  "sock:inet_sock_set_state",
  "raw_syscalls:sys_enter",
  "raw_syscalls:sys_exit",
] as const

/** Every known event; its place here is its number. */
export const KNOWN_EVENTS: readonly string[] = [
  ...OTHERS,
  ...CALLS.map((call) => `syscalls:sys_enter_${call}`),
  ...CALLS.map((call) => `syscalls:sys_exit_${call}`),
]

/** Numbers of the events that are no system call's. */
export const EVENT = {
  exec: 0,
  fork: 1,
  exit: 2,
  prepareExec: 3,
  newTask: 4,
  rename: 5,
  socketState: 6,
  rawEnter: 7,
  rawExit: 8,
} as const

/** No event: the record is none of a tracepoint, or its format is not known. */
export const NO_EVENT = -1

/** Number of `syscalls:sys_enter_<call>`, NO_EVENT for a call that is not known. */
export function enterEvent(call: string): number {
  return KNOWN_EVENTS.indexOf(`syscalls:sys_enter_${call}`)
}

/** Number of `syscalls:sys_exit_<call>`, NO_EVENT for a call that is not known. */
export function exitEvent(call: string): number {
  return KNOWN_EVENTS.indexOf(`syscalls:sys_exit_${call}`)
}

/** The events of one recording, by name and by number. */
export class EventNames {
  readonly #names: string[] = [...KNOWN_EVENTS]
  readonly #numbers = new Map(KNOWN_EVENTS.map((name, number) => [name, number]))

  /** The number of `system:name`, a new one for a name that was not seen before. */
  numberOf(name: string): number {
    const known = this.#numbers.get(name)
    if (known !== undefined) return known
    const number = this.#names.length
    this.#names.push(name)
    this.#numbers.set(name, number)
    return number
  }

  /** '' for NO_EVENT. */
  nameOf(event: number): string {
    return this.#names[event] ?? ""
  }
}
