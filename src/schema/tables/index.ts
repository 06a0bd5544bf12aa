/** Every event table that a source can fill, in the order in which they are created and documented. */

import { APPARMOR_EVENTS } from "./apparmor-events.ts"
import { BPF_PROCESS_EVENTS } from "./bpf-process-events.ts"
import { BPF_SOCKET_EVENTS } from "./bpf-socket-events.ts"
import { DNS_LOOKUP_EVENTS } from "./dns-lookup-events.ts"
import { ES_PROCESS_EVENTS } from "./es-process-events.ts"
import { ES_PROCESS_FILE_EVENTS } from "./es-process-file-events.ts"
import { POWERSHELL_EVENTS } from "./powershell-events.ts"
import { PROCESS_EVENTS } from "./process-events.ts"
import { PROCESS_FILE_EVENTS } from "./process-file-events.ts"
import { SECCOMP_EVENTS } from "./seccomp-events.ts"
import { SELINUX_EVENTS } from "./selinux-events.ts"
import { SOCKET_EVENTS } from "./socket-events.ts"
import { USER_EVENTS } from "./user-events.ts"
import { WINDOWS_EVENTS } from "./windows-events.ts"

export const EVENT_TABLES = [
  PROCESS_EVENTS,
  SOCKET_EVENTS,
  USER_EVENTS,
  PROCESS_FILE_EVENTS,
  SECCOMP_EVENTS,
  SELINUX_EVENTS,
  APPARMOR_EVENTS,
  BPF_PROCESS_EVENTS,
  BPF_SOCKET_EVENTS,
  ES_PROCESS_EVENTS,
  ES_PROCESS_FILE_EVENTS,
  WINDOWS_EVENTS,
  POWERSHELL_EVENTS,
  DNS_LOOKUP_EVENTS,
] as const

export {
  APPARMOR_EVENTS,
  BPF_PROCESS_EVENTS,
  BPF_SOCKET_EVENTS,
  DNS_LOOKUP_EVENTS,
  ES_PROCESS_EVENTS,
  ES_PROCESS_FILE_EVENTS,
  POWERSHELL_EVENTS,
  PROCESS_EVENTS,
  PROCESS_FILE_EVENTS,
  SECCOMP_EVENTS,
  SELINUX_EVENTS,
  SOCKET_EVENTS,
  USER_EVENTS,
  WINDOWS_EVENTS,
}
