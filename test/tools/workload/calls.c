/*
 * Makes the system calls that the corpus shows, one group a run: `calls GROUP`.
 * Source of truth: the kernel's system call tables; each group names the case that records it.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <linux/landlock.h>
#include <linux/netlink.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <linux/vm_sockets.h>
#include <linux/io_uring.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;
#define IN_CHILD(...) do { pid_t child_ = fork(); if (child_ == 0) { __VA_ARGS__; _exit(0); } waitpid(child_, NULL, 0); } while (0)

static char *TRUE_ARGS[] = {"true", NULL};

static void exec_failed(void) {
  IN_CHILD(execve("/srv/demo/bin/absent", TRUE_ARGS, environ));
  IN_CHILD(execve("/srv/demo/files/notes.txt", TRUE_ARGS, environ));
  IN_CHILD(execve("/srv/demo/files", TRUE_ARGS, environ));
  IN_CHILD(execve("/srv/demo/bin/garbage", TRUE_ARGS, environ));
  IN_CHILD(execve("/srv/demo/files/notes.txt/x", TRUE_ARGS, environ));
  IN_CHILD(execve("", TRUE_ARGS, environ));
  IN_CHILD(execve((char *)8, TRUE_ARGS, environ));
}

static void exec_at(void) {
  int fd = open("/usr/bin/true", O_RDONLY | O_CLOEXEC);
  IN_CHILD(syscall(SYS_execveat, fd, "", TRUE_ARGS, environ, AT_EMPTY_PATH));
  IN_CHILD(syscall(SYS_execveat, AT_FDCWD, "/usr/bin/true", TRUE_ARGS, environ, 0));
  int dir = open("/usr/bin", O_PATH | O_DIRECTORY);
  IN_CHILD(syscall(SYS_execveat, dir, "true", TRUE_ARGS, environ, 0));
  IN_CHILD(syscall(SYS_execveat, dir, "absent", TRUE_ARGS, environ, 0));
}

static void exec_memfd(void) {
  char block[65536];
  ssize_t n;
  int from = open("/srv/demo/bin/still", O_RDONLY), to = syscall(SYS_memfd_create, "kworker/0:1", 1);
  while ((n = read(from, block, sizeof block)) > 0) if (write(to, block, n) != n) _exit(2);
  char *args[] = {"[kworker/0:1]", NULL};
  IN_CHILD(fexecve(to, args, environ));
}

static void exec_deleted(void) {
  int fd = open("/srv/demo/files/gone", O_PATH | O_CLOEXEC);
  unlink("/srv/demo/files/gone");
  char *args[] = {"gone", "exec", NULL};
  IN_CHILD(syscall(SYS_execveat, fd, "", args, environ, AT_EMPTY_PATH));
}

static void exec_bytes(void) {
  char *args[] = {"still", "with space", "quote\"inside", "tab\there", "new\nline", "\xff\xfe\x80raw", "caf\xc3\xa9",
                  "\xf0\x9f\x94\xa5", "a=b c=d", "\x1d", "'single'", "back\\slash", "", "trailing ", "\x1b[31mred", "\x7f", NULL};
  IN_CHILD(execve("/srv/demo/bin/still", args, environ));
}

static void exec_hostile(void) {
  char *args[] = {"still", "DEADBEEF", "3005", "(null)", "(none)", "?", "type=SYSCALL", "msg=audit(1.1:1):", "a0=\"x\"", "argc=9",
                  "type=EXECVE msg=audit(1700000000.000:1): argc=1 a0=\"fake\"", "a1[0]=x", "msg='op=x'", "}", "res=success", NULL};
  IN_CHILD(execve("/srv/demo/bin/still", args, environ));
  char *lines[] = {"still", "x\ntype=EXECVE msg=audit(1700000000.000:1): argc=1 a0=\"fake\"\n", NULL};
  IN_CHILD(execve("/srv/demo/bin/still", lines, environ));
}

static void exec_argc_zero(void) {
  char *none[] = {NULL}, *empty[] = {"", NULL};
  IN_CHILD(execve("/srv/demo/bin/still", none, environ));
  IN_CHILD(execve("/srv/demo/bin/still", empty, environ));
}

static void exec_sized(size_t size, char odd) {
  char *big = malloc(size + 1);
  memset(big, 'b', size);
  big[size] = 0;
  if (odd) big[5] = odd;
  char *args[] = {"still", big, "tail arg", NULL};
  IN_CHILD(execve("/srv/demo/bin/still", args, environ));
  free(big);
}

static void exec_many(int count, const char *format, size_t width) {
  char **args = calloc(count + 1, sizeof *args);
  for (int i = 0; i < count; i++) {
    args[i] = calloc(1, width + 32);
    int n = snprintf(args[i], 32, format, i);
    for (size_t k = n; k < width; k++) args[i][k] = 'a' + i % 26;
  }
  IN_CHILD(execve("/srv/demo/bin/still", args, environ));
}

static void exec_where(void) {
  mkdir("/srv/demo/files/leaving", 0755);
  IN_CHILD(if (chdir("/srv/demo/files/leaving") || rmdir("/srv/demo/files/leaving")) _exit(2);
           execve("/srv/demo/bin/still", TRUE_ARGS, environ));
  IN_CHILD(if (chdir("/srv/demo/files/d \xe9ir")) _exit(2); execve("./l\xff\"nk", TRUE_ARGS, environ));
  IN_CHILD(if (chdir("/srv/demo/files")) _exit(2); execve("../bin/still", TRUE_ARGS, environ));
}

static void *run_thread(void *arg) { return arg; }

static void forks(void) {
  pid_t pid = syscall(SYS_fork);
  if (pid == 0) _exit(0);
  waitpid(pid, NULL, 0);
  pid = fork();
  if (pid == 0) _exit(0);
  waitpid(pid, NULL, 0);
  pid = vfork();
  if (pid == 0) _exit(3);
  waitpid(pid, NULL, 0);
  struct clone_args args = {.exit_signal = SIGCHLD};
  pid = syscall(SYS_clone3, &args, sizeof args);
  if (pid == 0) _exit(0);
  waitpid(pid, NULL, 0);
  pid = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
  if (pid == 0) _exit(0);
  waitpid(pid, NULL, 0);
  syscall(SYS_clone3, &args, 3);
}

static void threads(void) {
  pthread_t thread;
  for (int i = 0; i < 3; i++) { pthread_create(&thread, NULL, run_thread, NULL); pthread_join(thread, NULL); }
}

static void exits(void) {
  int codes[] = {0, 1, 2, 127, 255, 256, -1};
  for (int i = 0; i < 7; i++) IN_CHILD(syscall(SYS_exit_group, codes[i]));
  IN_CHILD(syscall(SYS_exit, 7));
}

static void signals(void) {
  pid_t pid = fork();
  if (pid == 0) { pause(); _exit(0); }
  usleep(20000);
  kill(pid, 0);
  kill(pid, SIGTERM);
  waitpid(pid, NULL, 0);
  kill(pid, SIGKILL);
  signal(SIGUSR1, SIG_IGN);
  syscall(SYS_tkill, getpid(), SIGUSR1);
  syscall(SYS_tgkill, getpid(), getpid(), SIGUSR1);
  setpgid(0, 0);
  pid_t two = fork();
  if (two == 0) { signal(SIGUSR1, SIG_IGN); usleep(60000); _exit(0); }
  usleep(20000);
  kill(0, SIGUSR1);
  waitpid(two, NULL, 0);
  kill(getppid(), 0);
}

static int bound(int family, const char *address, int port) {
  int fd = socket(family, SOCK_STREAM, 0), one = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  struct sockaddr_in six4 = {.sin_family = AF_INET, .sin_port = htons(port)};
  struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
  inet_pton(family, address, family == AF_INET ? (void *)&six4.sin_addr : (void *)&six.sin6_addr);
  bind(fd, family == AF_INET ? (void *)&six4 : (void *)&six, family == AF_INET ? sizeof six4 : sizeof six);
  listen(fd, 4);
  return fd;
}

static int reach(int family, const char *address, int port, int flags) {
  int fd = socket(family, SOCK_STREAM | flags, 0);
  struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(port)};
  struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
  inet_pton(family, address, family == AF_INET ? (void *)&four.sin_addr : (void *)&six.sin6_addr);
  connect(fd, family == AF_INET ? (void *)&four : (void *)&six, family == AF_INET ? sizeof four : sizeof six);
  return fd;
}

static void net_stream(int family, const char *address, int port) {
  struct sockaddr_storage peer;
  socklen_t size = sizeof peer;
  int server = bound(family, address, port), client = reach(family, address, port, 0);
  int got = accept(server, (void *)&peer, &size);
  close(got);
  close(client);
  client = reach(family, address, port, 0);
  size = sizeof peer;
  got = accept4(server, (void *)&peer, &size, SOCK_CLOEXEC);
  close(got);
  close(client);
  fcntl(server, F_SETFL, O_NONBLOCK);
  accept(server, (void *)&peer, &size);
  accept4(server, NULL, NULL, 0);
}

static void net_failed(void) {
  close(reach(AF_INET, "127.0.0.1", 1, 0));
  close(reach(AF_INET, "198.51.100.7", 443, SOCK_NONBLOCK));
  close(reach(AF_INET6, "2001:db8::7", 443, SOCK_NONBLOCK));
  close(reach(AF_INET, "255.255.255.255", 80, 0));
  bound(AF_INET, "203.0.113.9", 80);
  bound(AF_INET, "127.0.0.1", 22);
  connect(99, (void *)"\2\0\0\31\177\0\0\1\0\0\0\0\0\0\0", 16);
}

static void unix_pair(const struct sockaddr_un *name, socklen_t size) {
  struct sockaddr_un peer;
  socklen_t length = sizeof peer;
  int server = socket(AF_UNIX, SOCK_STREAM, 0), client = socket(AF_UNIX, SOCK_STREAM, 0);
  bind(server, (void *)name, size);
  listen(server, 4);
  connect(client, (void *)name, size);
  close(accept(server, (void *)&peer, &length));
  close(client);
  close(server);
}

static void net_unix(void) {
  struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "/srv/demo/files/app.sock"};
  unix_pair(&name, sizeof name);
  unlink(name.sun_path);
  struct sockaddr_un spaced = {.sun_family = AF_UNIX, .sun_path = "/srv/demo/files/my app.sock"};
  unix_pair(&spaced, 2 + strlen(spaced.sun_path));
  unlink(spaced.sun_path);
  struct sockaddr_un abstract = {.sun_family = AF_UNIX};
  memcpy(abstract.sun_path, "\0demo\0name", 10);
  unix_pair(&abstract, 2 + 10);
  memset(&abstract.sun_path, 0, sizeof abstract.sun_path);
  unix_pair(&abstract, 2);
  struct sockaddr_un absent = {.sun_family = AF_UNIX, .sun_path = "/srv/demo/files/absent.sock"};
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  connect(fd, (void *)&absent, sizeof absent);
}

static void net_other(void) {
  int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
  struct sockaddr_nl nl = {.nl_family = AF_NETLINK, .nl_groups = 1};
  bind(fd, (void *)&nl, sizeof nl);
  struct sockaddr_ll ll = {.sll_family = AF_PACKET, .sll_protocol = htons(3), .sll_ifindex = 1};
  fd = socket(AF_PACKET, SOCK_RAW, htons(3));
  bind(fd, (void *)&ll, sizeof ll);
  struct sockaddr_vm vm = {.svm_family = AF_VSOCK, .svm_port = 5000, .svm_cid = 3};
  fd = socket(AF_VSOCK, SOCK_STREAM | SOCK_NONBLOCK, 0);
  connect(fd, (void *)&vm, sizeof vm);
  fd = socket(AF_INET, SOCK_DGRAM, 0);
  struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(53), .sin_addr.s_addr = htonl(0x7f000001)};
  connect(fd, (void *)&in, sizeof in);
  sendto(fd, "x", 1, 0, (void *)&in, sizeof in);
  struct sockaddr none = {.sa_family = AF_UNSPEC};
  connect(fd, &none, sizeof none);
  connect(fd, &none, 2);
}

static void filtered(int number, unsigned action, unsigned flags) {
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, action),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {.len = 4, .filter = code};
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
  syscall(number);
}

static void seccomps(void) {
  IN_CHILD(filtered(SYS_getuid, SECCOMP_RET_LOG, SECCOMP_FILTER_FLAG_LOG));
  IN_CHILD(filtered(SYS_getgid, SECCOMP_RET_ERRNO | 1, SECCOMP_FILTER_FLAG_LOG));
  IN_CHILD(filtered(SYS_getppid, SECCOMP_RET_KILL_PROCESS, 0));
  IN_CHILD(filtered(SYS_getegid, SECCOMP_RET_TRAP, SECCOMP_FILTER_FLAG_LOG));
}

static void crash(void) {
  IN_CHILD(*(volatile int *)8 = 1);
  IN_CHILD(abort());
}

static void ids(void) {
  IN_CHILD(setresuid(1002, 1002, -1); setresuid(1001, 0, 0));
  IN_CHILD(setgid(1002); setuid(1002); setuid(0));
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct sets[2] = {{0x2400, 0x2400, 0x2000}, {0, 0, 0}};
  IN_CHILD(syscall(SYS_capset, &header, sets));
}

static void memory(void) {
  int fd = open("/srv/demo/files/notes.txt", O_RDONLY), pair[2];
  mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);
  if (pipe(pair) || socketpair(AF_UNIX, SOCK_STREAM, 0, pair)) return;
}

static void queues(void) {
  struct mq_attr attr = {.mq_maxmsg = 4, .mq_msgsize = 64};
  mqd_t queue = mq_open("/demo", O_CREAT | O_RDWR, 0600, &attr);
  struct timespec until = {1900000000, 5};
  mq_timedsend(queue, "hello", 5, 3, &until);
  mq_notify(queue, NULL);
  mq_getattr(queue, &attr);
  mq_setattr(queue, &attr, NULL);
  mq_unlink("/demo");
  int id = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
  struct shmid_ds ds;
  shmctl(id, IPC_STAT, &ds);
  ds.shm_perm.mode = 0640;
  shmctl(id, IPC_SET, &ds);
  shmctl(id, IPC_RMID, NULL);
  id = semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
  semctl(id, 0, IPC_RMID);
}

static void files(void) {
  if (chdir("/srv/demo/files/tmp")) _exit(2);
  int fd = syscall(SYS_open, "/srv/demo/files/tmp/one", O_CREAT | O_WRONLY | O_TRUNC, 0644);
  close(fd);
  fd = open("two words", O_CREAT | O_RDWR, 0600);
  if (ftruncate(fd, 100)) _exit(2);
  fchmod(fd, 0640);
  fchown(fd, 1001, 1001);
  close(fd);
  close(creat("three", 0644));
  if (truncate("three", 10) || link("one", "hard") || symlink("one", "soft")) _exit(2);
  chmod("one", 0755);
  chown("one", 1001, 1001);
  lchown("soft", 1001, 1001);
  rename("one", "moved");
  syscall(SYS_renameat2, AT_FDCWD, "moved", AT_FDCWD, "three", 0);
  open("/srv/demo/files/private", O_RDONLY);
  open("absent", O_RDONLY);
  unlink("hard");
  unlink("soft");
  unlink("three");
  unlink("two words");
  unlink("absent");
  mkdir("dir", 0755);
  rmdir("dir");
  mkfifo("fifo", 0644);
  unlink("fifo");
  utimensat(AT_FDCWD, "/srv/demo/files/notes.txt", NULL, 0);
}

static void open_how(void) {
  struct open_how how = {.flags = O_RDWR | O_CREAT, .mode = 0600, .resolve = RESOLVE_NO_SYMLINKS};
  syscall(SYS_openat2, AT_FDCWD, "/srv/demo/files/tmp/opened", &how, sizeof how);
  unlink("/srv/demo/files/tmp/opened");
}

static void landlock(void) {
  struct landlock_ruleset_attr attr = {.handled_access_fs = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR};
  int ruleset = syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  syscall(SYS_landlock_restrict_self, ruleset, 0);
  open("/srv/demo/files/notes.txt", O_RDONLY);
  mkdir("/srv/demo/files/tmp/landlocked", 0755);
}

static void bpf_program(void) {
  struct bpf_insn code[] = {{.code = 0xb7}, {.code = 0x95}};
  union bpf_attr attr = {.prog_type = BPF_PROG_TYPE_SOCKET_FILTER, .insn_cnt = 2};
  attr.insns = (uintptr_t)code;
  attr.license = (uintptr_t) "GPL";
  close(syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof attr));
  usleep(100000);
}

static void fanotify(void) {
  int fan = fanotify_init(FAN_CLASS_CONTENT | FAN_ENABLE_AUDIT, O_RDONLY);
  fanotify_mark(fan, FAN_MARK_ADD, FAN_OPEN_PERM, AT_FDCWD, "/srv/demo/files/notes.txt");
  for (int i = 0; i < 2; i++) {
    pid_t pid = fork();
    if (pid == 0) { open("/srv/demo/files/notes.txt", O_RDONLY); _exit(0); }
    struct fanotify_event_metadata event;
    if (read(fan, &event, sizeof event) < 0) return;
    struct fanotify_response response = {.fd = event.fd, .response = (i ? FAN_ALLOW : FAN_DENY) | FAN_AUDIT};
    if (write(fan, &response, sizeof response) < 0) return;
    waitpid(pid, NULL, 0);
  }
}

static void uring(void) {
  struct io_uring_params params = {0};
  int ring = syscall(SYS_io_uring_setup, 4, &params);
  char *sq = mmap(NULL, params.sq_off.array + 64, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
  struct io_uring_sqe *sqe = mmap(NULL, 4 * sizeof *sqe, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQES);
  sqe[0] = (struct io_uring_sqe){.opcode = IORING_OP_OPENAT, .fd = AT_FDCWD, .addr = (uintptr_t) "/srv/demo/files/notes.txt"};
  *(unsigned *)(sq + params.sq_off.array) = 0;
  *(volatile unsigned *)(sq + params.sq_off.tail) = 1;
  syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0);
}

static void odd_number(void) {
  syscall(1999, 1, 2, 3, 4);
}

static void system_calls(void) {
  unshare(CLONE_NEWNS);
  mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL);
  mount("scratch", "/srv/demo/files/mnt", "tmpfs", MS_NOSUID, "size=64k");
  umount2("/srv/demo/files/mnt", MNT_DETACH);
  mknod("/srv/demo/files/tmp/null", S_IFCHR | 0600, 0x103);
  unlink("/srv/demo/files/tmp/null");
  IN_CHILD(chroot("/srv/demo"));
  IN_CHILD(ptrace(PTRACE_TRACEME, 0, 0, 0));
  sethostname("web-1", 5);
}

static const struct { const char *name; void (*run)(void); } GROUPS[] = {
    {"exec-failed", exec_failed}, {"exec-at", exec_at}, {"exec-memfd", exec_memfd}, {"exec-deleted", exec_deleted},
    {"exec-bytes", exec_bytes}, {"exec-hostile", exec_hostile}, {"exec-argc-zero", exec_argc_zero}, {"exec-where", exec_where},
    {"forks", forks}, {"threads", threads}, {"exits", exits}, {"signals", signals}, {"net-failed", net_failed},
    {"net-unix", net_unix}, {"net-other", net_other}, {"seccomp", seccomps}, {"crash", crash}, {"ids", ids},
    {"memory", memory}, {"queues", queues}, {"files", files}, {"open-how", open_how}, {"landlock", landlock},
    {"bpf", bpf_program}, {"fanotify", fanotify}, {"uring", uring}, {"odd-number", odd_number}, {"system", system_calls},
};

int main(int argc, char **argv) {
  const char *group = argc > 1 ? argv[1] : "";
  if (!strcmp(group, "net-ipv4")) net_stream(AF_INET, "127.0.0.1", 38080);
  else if (!strcmp(group, "net-ipv6")) net_stream(AF_INET6, "::1", 38081);
  else if (!strcmp(group, "exec-20k")) { exec_sized(20000, 0); exec_sized(20000, ' '); exec_sized(7000, 0); }
  else if (!strcmp(group, "exec-cuts")) { exec_many(6, "%d:", 3000); exec_sized(3800, ' '); }
  else if (!strcmp(group, "exec-500")) exec_many(500, "arg%d", 0);
  else if (!strcmp(group, "exec-131071")) exec_sized(131071, 0);
  else if (!strcmp(group, "exec-20000")) exec_many(20000, "arg%d", 0);
  for (size_t i = 0; i < sizeof GROUPS / sizeof *GROUPS; i++) if (!strcmp(group, GROUPS[i].name)) GROUPS[i].run();
  return 0;
}
