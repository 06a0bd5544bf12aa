/*
 * Sends user-space audit records as login, sudo or systemd do: stdin holds lines `TYPE TEXT`.
 * Source of truth: audit-userspace lib/netlink.c audit_send; kernel/audit.c audit_receive_msg (AUDIT_USER_*).
 */
#include <linux/audit.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void) {
  struct { struct nlmsghdr header; char text[8192]; } message;
  char line[8192], answer[1024];
  int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_AUDIT), sequence = 0;
  while (fgets(line, sizeof line, stdin)) {
    char *text;
    long type = strtol(line, &text, 10);
    if (*text++ != ' ') continue;
    text[strcspn(text, "\n")] = 0;
    memset(&message, 0, sizeof message);
    strcpy(message.text, text);
    message.header.nlmsg_len = NLMSG_SPACE(strlen(text) + 1);
    message.header.nlmsg_type = type;
    message.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
    message.header.nlmsg_seq = ++sequence;
    if (send(fd, &message, message.header.nlmsg_len, 0) < 0) return 2;
    if (recv(fd, answer, sizeof answer, 0) < 0) return 2;
  }
  return 0;
}
