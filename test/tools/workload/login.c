/*
 * Starts a command in an audit session of its own, so that rules can be held to that session alone.
 * Source of truth: kernel/auditsc.c audit_set_loginuid (the session number is drawn when auid is set).
 *
 *   login AUID UID GID COMMAND…   writes the session number to fd 3, waits for a byte on fd 4, then execs
 *
 * With LOGIN_LATE set it waits first, so that the login itself is recorded.
 */
#define _GNU_SOURCE
#include <grp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <fcntl.h>

static void write_file(const char *path, const char *text) {
  int fd = open(path, O_WRONLY);
  if (fd < 0 || write(fd, text, strlen(text)) < 0) { perror(path); exit(2); }
  close(fd);
}

int main(int argc, char **argv) {
  char number[32] = "", go;
  int late = getenv("LOGIN_LATE") != NULL;
  if (argc < 5) return 64;
  if (unshare(CLONE_NEWUTS) || sethostname("web-1", 5)) return 2;
  if (late && read(4, &go, 1) != 1) return 2;
  write_file("/proc/self/loginuid", argv[1]);
  int fd = open("/proc/self/sessionid", O_RDONLY);
  ssize_t n = read(fd, number, sizeof number - 1);
  close(fd);
  if (n <= 0 || write(3, number, n) != n) return 2;
  close(3);
  if (!late && read(4, &go, 1) != 1) return 2;
  close(4);
  if (chdir("/srv/demo")) return 2;
  clearenv();
  setenv("PATH", "/usr/bin:/usr/sbin:/srv/demo/bin", 1);
  setenv("LANG", "C.UTF-8", 1);
  gid_t gid = atoi(argv[3]);
  if (setgroups(1, &gid) || setgid(gid) || setuid(atoi(argv[2]))) return 2;
  execvp(argv[4], argv + 4);
  perror(argv[4]);
  return 127;
}
