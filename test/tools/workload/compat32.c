/*
 * Makes 32-bit system calls through int 0x80 without a C library (arch=40000003 in the log).
 * Source of truth: arch/x86/entry/syscalls/syscall_32.tbl; include/uapi/linux/net.h for socketcall.
 * Build: gcc -m32 -nostdlib -static -fno-pie -no-pie -fno-stack-protector
 */
static int call(int number, int a, int b, int c) {
  int result;
  __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c) : "memory");
  return result;
}

enum { EXIT = 1, FORK = 2, EXECVE = 11, KILL = 37, SOCKETCALL = 102, GETPID = 20, WAITPID = 7, CONNECT = 362 };

void _start(void) {
  static char path[] = "/srv/demo/bin/compat32-child", *args[] = {path, "one two", 0}, *none[] = {0};
  static unsigned char loopback[16] = {2, 0, 0, 80, 127, 0, 0, 1};
  int child = call(FORK, 0, 0, 0);
  if (child == 0) {
    call(EXECVE, (int)path, (int)args, (int)none);
    call(EXIT, 126, 0, 0);
  }
  call(WAITPID, child, 0, 0);
  int open_args[] = {2, 1, 0};
  int fd = call(SOCKETCALL, 1, (int)open_args, 0);
  int connect_args[] = {fd, (int)loopback, 16};
  call(SOCKETCALL, 3, (int)connect_args, 0);
  call(CONNECT, fd, (int)loopback, 16);
  call(KILL, call(GETPID, 0, 0, 0), 0, 0);
  call(EXIT, 5, 0, 0);
}
