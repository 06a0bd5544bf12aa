/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * What the programs and src/sources/bpf agree on: the settings that are filled in at load, the counters, the records,
 * whose layout is told in src/formats/perf-ring/capture-record.ts.
 */
#ifndef RETRAIL_CAPTURE_H
#define RETRAIL_CAPTURE_H

#include "kernel.h"

/* Places inside the kernel's structures, as its BTF and tracefs tell them; ABSENT when they do not. */
#define ABSENT 0xffffffffU

/* src/sources/bpf/settings.ts has the same words in the same order. */
struct settings {
	u32 enabled;
	u32 argument_bytes;
	u64 cgroup;
	u32 cgroup_level;
	u32 exec_filename;
	u32 exec_old_pid;
	u32 newtask_pid;
	u32 newtask_flags;
	u32 task_mm;
	u32 task_parent;
	u32 task_tgid;
	u32 task_loginuid;
	u32 task_sessionid;
	u32 task_exit_code;
	u32 task_start_time;
	u32 task_signal;
	u32 signal_live;
	u32 task_files;
	u32 task_fs;
	u32 mm_arg_start;
	u32 mm_arg_end;
	u32 fs_pwd;
	u32 path_mnt;
	u32 path_dentry;
	u32 dentry_parent;
	u32 dentry_name;
	u32 qstr_name;
	u32 mount_mnt;
	u32 mount_parent;
	u32 mount_mountpoint;
	u32 mnt_root;
	u32 files_fdt;
	u32 fdt_max_fds;
	u32 fdt_fd;
	u32 file_private;
	u32 socket_sk;
	u32 socket_type;
	u32 sk_protocol;
	u32 sk_family;
	u32 sk_daddr;
	u32 sk_rcv_saddr;
	u32 sk_dport;
	u32 sk_num;
	u32 sk_v6_daddr;
	u32 sk_v6_rcv_saddr;
	u32 unix_addr;
	u32 unix_peer;
	u32 unix_address_len;
	u32 unix_address_name;
};

/* Of each CPU, a cache line: attempted = emitted + lost. `unpaired` are calls for whose start there was no room. */
struct counters {
	u64 attempted;
	u64 emitted;
	u64 lost;
	u64 unpaired;
	u64 padding[4];
};

enum record_type {
	EXEC_ENTER = 1,
	EXEC_EXIT = 2,
	EXEC = 3,
	FORK = 4,
	EXIT = 5,
	SOCK_ENTER = 6,
	SOCK_EXIT = 7,
	DIRECTORY = 8,
};

enum record_flag {
	PATH_UNREADABLE = 1,
	ARGUMENT_UNREADABLE = 2,
	ARGUMENTS_CUT = 4,
	WIDE = 8,
	ENDS = 16,
	DIRECTORY_CUT = 32,
};

#define HEADER_BYTES 112

struct header {
	u32 length;
	u16 type;
	u16 flags;
	u64 time;
	u32 tgid;
	u32 tid;
	u32 uid;
	u32 gid;
	u64 cgroup;
	s32 syscall;
	u32 sequence;
	s64 a0;
	s64 a1;
	s64 a2;
	char comm[16];
	u32 cpu;
	u32 parent;
	u32 login_uid;
	u32 session;
	u64 started;
};

#define PATH_BYTES 4096
#define ARGUMENT_BYTES 16384
#define DATA_BYTES (PATH_BYTES + ARGUMENT_BYTES)

struct record {
	struct header header;
	/* Twice what is kept: the verifier bounds a place and a length apart. */
	u8 data[DATA_BYTES + 4096];
};

/* A call between its start and its end. */
struct call {
	u64 time;
	/* Directory's or socket's descriptor, then flags, backlog or length. */
	s64 first;
	s64 second;
	u64 address;
	u64 arguments;
	u32 system_call;
	u32 padding;
};

/* What a sock-exit record tells of its socket, before the addresses. */
struct ends {
	u16 family;
	u16 type;
	u16 protocol;
	u8 local_length;
	u8 remote_length;
};

#endif
