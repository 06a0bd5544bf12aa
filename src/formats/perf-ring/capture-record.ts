/**
 * What our BPF programs write into a ring for each event, whatever ring it is. Little endian.
 *
 *    0 u32 length of all that follows, header included: a perf ring pads beyond it
 *    4 u16 type             6 u16 flags            8 u64 CLOCK_MONOTONIC in ns
 *   16 u32 process         20 u32 thread          24 u32 uid         28 u32 gid
 *   32 u64 cgroup id       40 s32 system call, -1 for none           44 u32 number
 *   48 s64 a0              56 s64 a1              64 s64 a2          72 char comm[16]
 *   88 with flag `wide`: u32 CPU, u32 parent process, u32 login uid, u32 audit session, u64 start of the process in ns
 *   88 or 112 the event's own bytes
 *
 * The number counts attempts to write, by CPU and whether they succeed or not: a step over numbers is a loss.
 *
 *   type           a0               a1           a2             bytes
 *   1 exec-enter   directory's fd   flags        arguments      path NUL argument NUL argument NUL …
 *   2 exec-exit    result
 *   3 exec         old thread       parent       login uid      path NUL, then the new program's argument area
 *   4 fork         parent thread    new thread   new process *
 *   5 exit         thread           exit code *  1: the last thread of its process *
 *   6 sock-enter   fd               second       third          address that the caller gave
 *   7 sock-exit    result           fd *                        with flag `ends`: see `ENDS`
 *   8 directory    time of the call                             names from the working directory up, NUL after each
 *
 * (* with flag `wide` only; without it they are 0)
 */

/** Where each field of the header begins. */
export const FIELD = {
  length: 0,
  type: 4,
  flags: 6,
  time: 8,
  process: 16,
  thread: 20,
  uid: 24,
  gid: 28,
  cgroup: 32,
  call: 40,
  number: 44,
  a0: 48,
  a1: 56,
  a2: 64,
  comm: 72,
  cpu: 88,
  parent: 92,
  loginUid: 96,
  session: 100,
  started: 104,
} as const

export const HEADER_BYTES = 88
export const WIDE_HEADER_BYTES = 112
export const COMM_BYTES = 16

export const TYPE = {
  execEnter: 1,
  execExit: 2,
  exec: 3,
  fork: 4,
  exit: 5,
  sockEnter: 6,
  sockExit: 7,
  /** Directly before an exec of the same process: where it works, and when it called exec (0 unknown). */
  directory: 8,
} as const

export const FLAG = {
  /** The path or the socket address could not be read. */
  unreadablePath: 1,
  unreadableArgument: 2,
  /** More arguments, or longer ones, than are kept. */
  cutArguments: 4,
  /** The header goes on with what `wide` adds. */
  wide: 8,
  /** A sock-exit record tells both ends of the socket. */
  ends: 16,
  /** The working directory is deeper than is kept, or lies nowhere: the names lead to no root. */
  cutDirectory: 32,
} as const

/** Bytes of a sock-exit record with flag `ends`: the socket as the kernel has it, then sockaddr of both ends. */
export const ENDS = {
  /** u16 each, 0 for unknown */
  family: 0,
  type: 2,
  protocol: 4,
  /** u8 each: bytes of the two addresses that follow, 0 for none */
  localLength: 6,
  remoteLength: 7,
  addresses: 8,
} as const
