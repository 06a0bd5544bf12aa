/**
 * Names of event types by their number.
 * Source of truth: Apple's ESTypes.h, es_event_type_t: numbers are never given again.
 */

/** In the order of their numbers, from 0 on. */
const NAMES = `
exec open kextload mmap mprotect mount rename signal unlink exec open fork close create
exchangedata exit get_task kextload kextunload link mmap mprotect mount unmount iokit_open rename
setattrlist setextattr setflags setmode setowner signal unlink write file_provider_materialize
file_provider_materialize file_provider_update file_provider_update readlink readlink truncate
truncate link lookup create setattrlist setextattr setflags setmode setowner chdir chdir
getattrlist getattrlist stat access chroot chroot utimes utimes clone clone fcntl getextattr
getextattr listextattr listextattr readdir readdir deleteextattr deleteextattr fsgetpath fsgetpath
dup settime settime uipc_bind uipc_bind uipc_connect uipc_connect exchangedata setacl setacl
pty_grant pty_close proc_check proc_check get_task searchfs searchfs fcntl iokit_open
proc_suspend_resume proc_suspend_resume cs_invalidated get_task_name trace remote_thread_create
remount remount get_task_read get_task_read get_task_inspect setuid setgid seteuid setegid setreuid
setregid copyfile copyfile authentication xp_malware_detected xp_malware_remediated
lw_session_login lw_session_logout lw_session_lock lw_session_unlock screensharing_attach
screensharing_detach openssh_login openssh_logout login_login login_logout btm_launch_item_add
btm_launch_item_remove profile_add profile_remove su authorization_petition authorization_judgement
sudo od_group_add od_group_remove od_group_set od_modify_password od_disable_user od_enable_user
od_attribute_value_add od_attribute_value_remove od_attribute_set od_create_user od_create_group
od_delete_user od_delete_group xpc_connect gatekeeper_user_override tcc_modify
`
  .trim()
  .split(/\s+/)

const KNOWN: ReadonlySet<string> = new Set(NAMES)

/** "" for a number that has no name yet. */
export function eventNameOf(number: number): string {
  return NAMES[number] ?? ""
}

export function isEventName(name: string): boolean {
  return KNOWN.has(name)
}

/** How many event types are known. */
export const EVENT_TYPES = NAMES.length
