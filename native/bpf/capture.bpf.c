/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * Execs, forks, exits and socket calls as records in a ring. Rebuilt by native/bpf/build.ts; the result is committed.
 *
 * A call is written down at its end: by then the kernel has read what its arguments point at, so that texts which nobody
 * has touched before (literals) are in memory. A successful exec is told by sched_process_exec with the arguments of
 * the new image, which sees calls of every kind. All programs return 1: with 0 the record of the same tracepoint is
 * taken away from everybody else's perf record.
 *
 * Source of truth: include/trace/events/{sched,task,syscalls}.h, include/net/sock.h, fs/d_path.c.
 */
#include "capture.h"

char terms[] SECTION("license") = "Dual MIT/GPL";

struct map_definition settings SECTION("maps") = { MAP_ARRAY, 4, sizeof(struct settings), 1 };
/* One of each CPU, and none of a map by CPUs: that could not be read without asking the kernel. */
struct map_definition counters SECTION("maps") = { MAP_ARRAY, 4, sizeof(struct counters), 0 };
struct map_definition scratch SECTION("maps") = { MAP_PERCPU_ARRAY, 4, sizeof(struct record), 1 };
struct map_definition calls SECTION("maps") = { MAP_HASH, 8, sizeof(struct call), 8192 };
#ifdef RING_BUFFER
struct map_definition ring SECTION("maps") = { MAP_RINGBUF, 0, 0, 0 };
#else
struct map_definition ring SECTION("maps") = { MAP_PERF_EVENT_ARRAY, 4, 4, 0 };
#endif

#define KEEP_TRACEPOINT 1
#define CLONE_THREAD 0x10000
#define AF_UNIX 1
#define AF_INET 2
#define AF_INET6 10
#define UNIX_PATH_BYTES 108
#define EBADF 9
#define ENOTSOCK 88

#ifdef RING_BUFFER
#define ARGUMENTS 128
#define DEPTH 32
#define LOOP
#else
/* No loops before 5.3. */
#define ARGUMENTS 20
#define DEPTH 16
#define LOOP _Pragma("unroll")
#endif
#define NAME_BYTES 256
#define TEXT_BYTES 1024

struct enter_context {
	u64 common;
	u64 number;
	u64 arguments[6];
};

struct exit_context {
	u64 common;
	u64 number;
	s64 result;
};

INLINE u64 pointer_at(u64 base, u32 offset)
{
	u64 value = 0;
	if (offset != ABSENT && base != 0)
		read_kernel(&value, sizeof(value), base + offset);
	return value;
}

INLINE u32 word_at(u64 base, u32 offset)
{
	u32 value = 0;
	if (offset != ABSENT && base != 0)
		read_kernel(&value, sizeof(value), base + offset);
	return value;
}

INLINE u16 half_at(u64 base, u32 offset)
{
	u16 value = 0;
	if (offset != ABSENT && base != 0)
		read_kernel(&value, sizeof(value), base + offset);
	return value;
}

/* The settings while the capture is on and the task is one of those that are wanted; else nothing. */
INLINE struct settings *wanted(void)
{
	u32 zero = 0;
	struct settings *set = map_lookup(&settings, &zero);
	if (!set || !set->enabled)
		return 0;
	if (set->cgroup != 0) {
#ifdef RING_BUFFER
		if (ancestor_cgroup(set->cgroup_level) != set->cgroup)
			return 0;
#else
		if (current_cgroup() != set->cgroup)
			return 0;
#endif
	}
	return set;
}

INLINE struct record *begin(struct settings *set, u16 type, s32 number)
{
	u32 zero = 0;
	struct record *record = map_lookup(&scratch, &zero);
	if (!record)
		return 0;
	struct header *header = &record->header;
	u64 ids = current_pid_tgid();
	u64 owner = current_uid_gid();
	u64 task = current_task();
	header->type = type;
	header->flags = WIDE;
	header->time = now_ns();
	header->tgid = ids >> 32;
	header->tid = (u32)ids;
	header->uid = (u32)owner;
	header->gid = owner >> 32;
	header->cgroup = current_cgroup();
	header->syscall = number;
	header->a0 = 0;
	header->a1 = 0;
	header->a2 = 0;
	current_comm(header->comm, sizeof(header->comm));
	header->cpu = current_cpu();
	header->parent = word_at(pointer_at(task, set->task_parent), set->task_tgid);
	header->login_uid = set->task_loginuid == ABSENT ? ABSENT : word_at(task, set->task_loginuid);
	header->session = set->task_sessionid == ABSENT ? ABSENT : word_at(task, set->task_sessionid);
	header->started = pointer_at(task, set->task_start_time);
	return record;
}

/* @param size of the data, at most DATA_BYTES */
INLINE void emit(void *context, struct record *record, u64 size)
{
	u32 cpu = record->header.cpu;
	struct counters *count = map_lookup(&counters, &cpu);
	if (!count)
		return;
	size += HEADER_BYTES;
	OPAQUE(size);
	if (size > sizeof(struct record))
		return;
	record->header.length = size;
	record->header.sequence = (u32)count->attempted;
	count->attempted++;
#ifdef RING_BUFFER
	long failed = ring_output(&ring, record, size, RINGBUF_NO_WAKEUP);
#else
	long failed = perf_output(context, &ring, CURRENT_CPU, record, size);
#endif
	if (failed)
		count->lost++;
	else
		count->emitted++;
}

INLINE void remember(struct call *call)
{
	u64 ids = current_pid_tgid();
	u32 cpu = current_cpu();
	call->time = now_ns();
	if (map_update(&calls, &ids, call, 0) == 0)
		return;
	struct counters *count = map_lookup(&counters, &cpu);
	if (count)
		count->unpaired++;
}

SECTION("tracepoint/syscalls/sys_enter_execve")
int enter_execve(struct enter_context *context)
{
	if (!wanted())
		return KEEP_TRACEPOINT;
	struct call call = { .first = -100, .address = context->arguments[0], .arguments = context->arguments[1] };
	call.system_call = context->number;
	remember(&call);
	return KEEP_TRACEPOINT;
}

SECTION("tracepoint/syscalls/sys_enter_execveat")
int enter_execveat(struct enter_context *context)
{
	if (!wanted())
		return KEEP_TRACEPOINT;
	struct call call = { .first = (s32)context->arguments[0], .address = context->arguments[1] };
	call.arguments = context->arguments[2];
	call.second = (s32)context->arguments[4];
	call.system_call = context->number;
	remember(&call);
	return KEEP_TRACEPOINT;
}

/* path NUL argument NUL argument NUL, of a call that failed; returns the bytes. */
INLINE u64 put_arguments(struct record *record, struct call *call, u32 *count)
{
	u64 at = 0;
	long got = read_user_text(record->data, PATH_BYTES, call->address);
	if (got <= 0) {
		record->header.flags |= PATH_UNREADABLE;
		record->data[0] = 0;
		got = 1;
	}
	at = got;
	u32 index = 0;
	LOOP
	for (u32 i = 0; i < ARGUMENTS; i++) {
		u64 text = 0;
		OPAQUE(at);
		at &= ARGUMENT_BYTES - 1;
		if (read_user(&text, sizeof(text), call->arguments + i * 8) != 0) {
			record->header.flags |= ARGUMENT_UNREADABLE;
			break;
		}
		if (text == 0)
			break;
		index = i + 1;
		if (index == ARGUMENTS || at > ARGUMENT_BYTES - TEXT_BYTES - 1) {
			record->header.flags |= ARGUMENTS_CUT;
			break;
		}
		got = read_user_text(record->data + at, TEXT_BYTES, text);
		if (got <= 0) {
			record->header.flags |= ARGUMENT_UNREADABLE;
			break;
		}
		/* The end of an argument that is longer is not known: it ends the list. */
		at += got & (2 * TEXT_BYTES - 1);
		if (got == TEXT_BYTES) {
			record->header.flags |= ARGUMENTS_CUT;
			break;
		}
	}
	*count = index;
	OPAQUE(at);
	return at & (2 * ARGUMENT_BYTES - 1);
}

INLINE int exit_exec(struct exit_context *context, s32 number)
{
	struct settings *set = wanted();
	u64 ids = current_pid_tgid();
	struct call *known = map_lookup(&calls, &ids);
	if (!known)
		return KEEP_TRACEPOINT;
	struct call call = *known;
	map_delete(&calls, &ids);
	if (!set || context->result >= 0)
		return KEEP_TRACEPOINT;
	struct record *record = begin(set, EXEC_ENTER, number);
	if (!record)
		return KEEP_TRACEPOINT;
	u32 count = 0;
	u64 size = put_arguments(record, &call, &count);
	u64 ended = record->header.time;
	record->header.time = call.time;
	record->header.a0 = call.first;
	record->header.a1 = call.second;
	record->header.a2 = count;
	emit(context, record, size);
	record->header.type = EXEC_EXIT;
	record->header.flags = WIDE;
	record->header.time = ended;
	record->header.a0 = context->result;
	record->header.a1 = 0;
	record->header.a2 = 0;
	emit(context, record, 0);
	return KEEP_TRACEPOINT;
}

SECTION("tracepoint/syscalls/sys_exit_execve")
int exit_execve(struct exit_context *context)
{
	return exit_exec(context, (s32)context->number);
}

SECTION("tracepoint/syscalls/sys_exit_execveat")
int exit_execveat(struct exit_context *context)
{
	return exit_exec(context, (s32)context->number);
}

/* Without a branch, since each doubles what the verifier has to look at in a loop; 0 for what cannot be read. */
INLINE u64 pointer_from(u64 address)
{
	u64 value = 0;
	read_kernel(&value, sizeof(value), address);
	return value;
}

/* The names from the working directory up to the root of everything, each with its NUL; returns the bytes. */
INLINE u64 put_directory(struct record *record, struct settings *set, u64 task)
{
	u64 at = 0;
	u64 fs = pointer_from(task + set->task_fs);
	u64 path = fs + set->fs_pwd;
	u64 mount = pointer_from(path + set->path_mnt) - set->mount_mnt;
	u64 dentry = pointer_from(path + set->path_dentry);
	u64 root = pointer_from(mount + set->mount_mnt + set->mnt_root);
	u32 is_whole = 0;
	LOOP
	for (u32 i = 0; i < DEPTH; i++) {
		OPAQUE(at);
		at &= PATH_BYTES - 1;
		u64 parent = pointer_from(dentry + set->dentry_parent);
		if (dentry == root || dentry == parent) {
			u64 above = pointer_from(mount + set->mount_parent);
			if (dentry != root || above == mount || above == 0) {
				is_whole = dentry == root && above == mount;
				break;
			}
			dentry = pointer_from(mount + set->mount_mountpoint);
			mount = above;
			root = pointer_from(mount + set->mount_mnt + set->mnt_root);
			continue;
		}
		if (at > PATH_BYTES - NAME_BYTES)
			break;
		u64 name = pointer_from(dentry + set->dentry_name + set->qstr_name);
		long got = read_kernel_text(record->data + at, NAME_BYTES, name);
		if (got <= 0)
			break;
		at += got & (2 * NAME_BYTES - 1);
		dentry = parent;
	}
	if (!is_whole)
		record->header.flags |= DIRECTORY_CUT;
	OPAQUE(at);
	return at & (2 * PATH_BYTES - 1);
}

INLINE void emit_directory(void *context, struct settings *set, u64 since)
{
	if (set->fs_pwd == ABSENT)
		return;
	struct record *record = begin(set, DIRECTORY, -1);
	if (!record)
		return;
	record->header.a0 = since;
	emit(context, record, put_directory(record, set, current_task()));
}

/* path NUL, then the argument area of the new image. */
SECTION("tracepoint/sched/sched_process_exec")
int process_exec(void *context)
{
	struct settings *set = wanted();
	if (!set)
		return KEEP_TRACEPOINT;
	u64 ids = current_pid_tgid();
	u32 old_thread = word_at((u64)context, set->exec_old_pid);
	u64 caller = (ids & 0xffffffff00000000ULL) | old_thread;
	struct call *call = map_lookup(&calls, &caller);
	emit_directory(context, set, call ? call->time : 0);
	/* A thread that takes over its process comes back from the call under another number. */
	if (call && caller != ids)
		map_delete(&calls, &caller);
	struct record *record = begin(set, EXEC, -1);
	if (!record)
		return KEEP_TRACEPOINT;
	u64 task = current_task();
	record->header.a0 = old_thread;
	record->header.a1 = record->header.parent;
	record->header.a2 = record->header.login_uid;
	u64 place = word_at((u64)context, set->exec_filename) & 0xffff;
	long got = read_kernel_text(record->data, PATH_BYTES, (u64)context + place);
	if (got <= 0) {
		record->header.flags |= PATH_UNREADABLE;
		record->data[0] = 0;
		got = 1;
	}
	u64 at = got;
	OPAQUE(at);
	at &= 2 * PATH_BYTES - 1;
	u64 mm = pointer_at(task, set->task_mm);
	u64 from = pointer_at(mm, set->mm_arg_start);
	u64 length = pointer_at(mm, set->mm_arg_end) - from;
	if (from == 0)
		length = 0;
	if (length > set->argument_bytes) {
		length = set->argument_bytes;
		record->header.flags |= ARGUMENTS_CUT;
	}
	OPAQUE(length);
	length &= ARGUMENT_BYTES - 1;
	if (at > PATH_BYTES)
		return KEEP_TRACEPOINT;
	if (from == 0 || read_user(record->data + at, length, from) != 0) {
		record->header.flags |= ARGUMENT_UNREADABLE;
		length = 0;
	}
	emit(context, record, at + length);
	return KEEP_TRACEPOINT;
}

SECTION("tracepoint/task/task_newtask")
int new_task(void *context)
{
	struct settings *set = wanted();
	if (!set)
		return KEEP_TRACEPOINT;
	struct record *record = begin(set, FORK, -1);
	if (!record)
		return KEEP_TRACEPOINT;
	u32 thread = word_at((u64)context, set->newtask_pid);
	u64 clone_flags = pointer_at((u64)context, set->newtask_flags);
	record->header.a0 = record->header.tid;
	record->header.a1 = thread;
	record->header.a2 = clone_flags & CLONE_THREAD ? record->header.tgid : thread;
	emit(context, record, 0);
	return KEEP_TRACEPOINT;
}

SECTION("tracepoint/sched/sched_process_exit")
int process_exit(void *context)
{
	u64 ids = current_pid_tgid();
	struct settings *set = wanted();
	map_delete(&calls, &ids);
	if (!set)
		return KEEP_TRACEPOINT;
	u64 task = current_task();
	u64 threads = pointer_at(task, set->task_signal);
	/* Counted down before this is told: the last thread finds none. */
	u32 is_last = set->signal_live == ABSENT ? (u32)ids == ids >> 32 : word_at(threads, set->signal_live) == 0;
	if (!is_last)
		return KEEP_TRACEPOINT;
	struct record *record = begin(set, EXIT, -1);
	if (!record)
		return KEEP_TRACEPOINT;
	record->header.a0 = record->header.tid;
	record->header.a1 = (s32)word_at(task, set->task_exit_code);
	record->header.a2 = 1;
	emit(context, record, 0);
	return KEEP_TRACEPOINT;
}

INLINE int enter_socket(struct enter_context *context, u64 address, s64 second)
{
	if (!wanted())
		return KEEP_TRACEPOINT;
	struct call call = { .first = (s32)context->arguments[0], .second = second, .address = address };
	call.system_call = context->number;
	remember(&call);
	return KEEP_TRACEPOINT;
}

SECTION("tracepoint/syscalls/sys_enter_connect")
int enter_connect(struct enter_context *context)
{
	return enter_socket(context, context->arguments[1], (s32)context->arguments[2]);
}

SECTION("tracepoint/syscalls/sys_enter_bind")
int enter_bind(struct enter_context *context)
{
	return enter_socket(context, context->arguments[1], (s32)context->arguments[2]);
}

SECTION("tracepoint/syscalls/sys_enter_listen")
int enter_listen(struct enter_context *context)
{
	return enter_socket(context, 0, (s32)context->arguments[1]);
}

SECTION("tracepoint/syscalls/sys_enter_accept")
int enter_accept(struct enter_context *context)
{
	return enter_socket(context, 0, 0);
}

SECTION("tracepoint/syscalls/sys_enter_accept4")
int enter_accept4(struct enter_context *context)
{
	return enter_socket(context, 0, (s32)context->arguments[3]);
}

INLINE u64 socket_of(struct settings *set, u64 task, s64 descriptor)
{
	if (descriptor < 0 || set->files_fdt == ABSENT)
		return 0;
	u64 table = pointer_at(pointer_at(task, set->task_files), set->files_fdt);
	if (descriptor >= word_at(table, set->fdt_max_fds))
		return 0;
	u64 file = pointer_at(pointer_at(table, set->fdt_fd) + descriptor * 8, 0);
	return pointer_at(file, set->file_private);
}

/* sockaddr_in or sockaddr_in6 without scope; returns its bytes. */
INLINE u8 put_inet(u8 *to, u16 family, u16 port, u64 from)
{
	__builtin_memset(to, 0, 28);
	*(u16 *)to = family;
	*(u16 *)(to + 2) = port;
	if (family == AF_INET) {
		read_kernel(to + 4, 4, from);
		return 16;
	}
	read_kernel(to + 8, 16, from);
	return 28;
}

/* sockaddr_un of a unix socket; returns its bytes, 0 for one without a name. */
INLINE u64 put_unix(struct settings *set, u8 *to, u64 sk)
{
	u64 address = pointer_at(sk, set->unix_addr);
	if (address == 0)
		return 0;
	u64 length = word_at(address, set->unix_address_len);
	OPAQUE(length);
	length &= 127;
	if (length > UNIX_PATH_BYTES + 2)
		return 0;
	if (read_kernel(to, length, address + set->unix_address_name) != 0)
		return 0;
	return length;
}

/* Family, type and protocol of the socket, and the addresses of both its ends, as the kernel has them now. */
INLINE u64 put_ends(struct settings *set, struct record *record, u64 socket)
{
	u64 sk = pointer_at(socket, set->socket_sk);
	if (sk == 0 || set->sk_family == ABSENT)
		return 0;
	struct ends *ends = (struct ends *)record->data;
	u8 *addresses = record->data + sizeof(struct ends);
	u64 size = 0;
	u16 family = half_at(sk, set->sk_family);
	ends->family = family;
	ends->type = half_at(socket, set->socket_type);
	ends->protocol = half_at(sk, set->sk_protocol);
	ends->local_length = 0;
	ends->remote_length = 0;
	record->header.flags |= ENDS;
	if (family == AF_INET || family == AF_INET6) {
		u32 is_wide = family == AF_INET6;
		u16 own = half_at(sk, set->sk_num);
		u16 port = half_at(sk, set->sk_dport);
		u64 local = sk + (is_wide ? set->sk_v6_rcv_saddr : set->sk_rcv_saddr);
		u64 remote = sk + (is_wide ? set->sk_v6_daddr : set->sk_daddr);
		size = put_inet(addresses, family, __builtin_bswap16(own), local);
		ends->local_length = size;
		if (port != 0) {
			u64 more = put_inet(addresses + size, family, port, remote);
			ends->remote_length = more;
			size += more;
		}
	} else if (family == AF_UNIX && set->unix_addr != ABSENT) {
		size = put_unix(set, addresses, sk);
		ends->local_length = size;
		u64 peer = pointer_at(sk, set->unix_peer);
		OPAQUE(size);
		size &= 127;
		if (peer != 0) {
			u64 more = put_unix(set, addresses + size, peer);
			ends->remote_length = more;
			size += more & 127;
		}
	}
	return sizeof(struct ends) + size;
}

/* @param is_accept the socket of interest is the one that the call returns */
INLINE int exit_socket(struct exit_context *context, u32 is_accept)
{
	struct settings *set = wanted();
	u64 ids = current_pid_tgid();
	s64 result = context->result;
	struct call call = { .first = -1 };
	struct call *known = map_lookup(&calls, &ids);
	if (known) {
		call = *known;
		map_delete(&calls, &ids);
	}
	if (!set)
		return KEEP_TRACEPOINT;
	struct record *record = begin(set, SOCK_ENTER, (s32)context->number);
	if (!record)
		return KEEP_TRACEPOINT;
	u64 ended = record->header.time;
	if (known) {
		u64 size = 0;
		if (call.address != 0 && call.second > 0) {
			size = call.second > 128 ? 128 : call.second;
			OPAQUE(size);
			size &= 255;
			if (read_user(record->data, size, call.address) != 0) {
				record->header.flags |= PATH_UNREADABLE;
				size = 0;
			}
		}
		record->header.time = call.time;
		record->header.a0 = call.first;
		record->header.a1 = call.address == 0 ? call.second : (s64)call.address;
		record->header.a2 = call.address == 0 ? 0 : call.second;
		emit(context, record, size);
	}
	record->header.type = SOCK_EXIT;
	record->header.flags = WIDE;
	record->header.time = ended;
	record->header.a0 = result;
	record->header.a1 = call.first;
	record->header.a2 = 0;
	u64 size = 0;
	s64 descriptor = is_accept && result >= 0 ? result : call.first;
	if (result != -EBADF && result != -ENOTSOCK)
		size = put_ends(set, record, socket_of(set, current_task(), descriptor));
	emit(context, record, size);
	return KEEP_TRACEPOINT;
}

SECTION("tracepoint/syscalls/sys_exit_connect")
int exit_connect(struct exit_context *context)
{
	return exit_socket(context, 0);
}

SECTION("tracepoint/syscalls/sys_exit_bind")
int exit_bind(struct exit_context *context)
{
	return exit_socket(context, 0);
}

SECTION("tracepoint/syscalls/sys_exit_listen")
int exit_listen(struct exit_context *context)
{
	return exit_socket(context, 0);
}

SECTION("tracepoint/syscalls/sys_exit_accept")
int exit_accept(struct exit_context *context)
{
	return exit_socket(context, 1);
}

SECTION("tracepoint/syscalls/sys_exit_accept4")
int exit_accept4(struct exit_context *context)
{
	return exit_socket(context, 1);
}
