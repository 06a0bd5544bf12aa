/* SPDX-License-Identifier: MIT OR GPL-2.0-only */
/*
 * What the programs need of the kernel, and no header of the system, so that every machine builds the same bytes.
 * Source of truth: include/uapi/linux/bpf.h (numbers of helpers and map types), Documentation/bpf.
 */
#ifndef RETRAIL_KERNEL_H
#define RETRAIL_KERNEL_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef int s32;
typedef unsigned long long u64;
typedef long long s64;

#define SECTION(name) __attribute__((section(name), used))
#define INLINE static __attribute__((always_inline)) inline

/* The build makes maps of these: kind, size of key, size of value, entries; 0 entries are filled in at load. */
struct map_definition {
	u32 type;
	u32 key_size;
	u32 value_size;
	u32 max_entries;
};

#define MAP_HASH 1
#define MAP_ARRAY 2
#define MAP_PERF_EVENT_ARRAY 4
#define MAP_PERCPU_ARRAY 6
#define MAP_RINGBUF 27

#define CURRENT_CPU 0xffffffffULL
#define RINGBUF_NO_WAKEUP 1

static void *(*const map_lookup)(void *map, const void *key) = (void *)1;
static long (*const map_update)(void *map, const void *key, const void *value, u64 flags) = (void *)2;
static long (*const map_delete)(void *map, const void *key) = (void *)3;
static u64 (*const now_ns)(void) = (void *)5;
static u32 (*const current_cpu)(void) = (void *)8;
static u64 (*const current_pid_tgid)(void) = (void *)14;
static u64 (*const current_uid_gid)(void) = (void *)15;
static long (*const current_comm)(void *to, u32 size) = (void *)16;
static u64 (*const current_task)(void) = (void *)35;
static u64 (*const current_cgroup)(void) = (void *)80;

#ifdef RING_BUFFER
static long (*const read_user)(void *to, u32 size, u64 from) = (void *)112;
static long (*const read_kernel)(void *to, u32 size, u64 from) = (void *)113;
static long (*const read_user_text)(void *to, u32 size, u64 from) = (void *)114;
static long (*const read_kernel_text)(void *to, u32 size, u64 from) = (void *)115;
static u64 (*const ancestor_cgroup)(s32 level) = (void *)123;
static long (*const ring_output)(void *ring, void *bytes, u64 size, u64 flags) = (void *)130;
#else
/* Before 5.5 one helper reads both kinds of addresses, which x86_64 and arm64 do not tell apart. */
static long (*const read_user)(void *to, u32 size, u64 from) = (void *)4;
static long (*const read_kernel)(void *to, u32 size, u64 from) = (void *)4;
static long (*const read_user_text)(void *to, u32 size, u64 from) = (void *)45;
static long (*const read_kernel_text)(void *to, u32 size, u64 from) = (void *)45;
static long (*const perf_output)(void *context, void *map, u64 flags, void *bytes, u64 size) = (void *)25;
#endif

/* Hides what a value is from the compiler, so that a mask stays where the verifier looks for it. */
#define OPAQUE(value) asm volatile("" : "+r"(value))

#endif
