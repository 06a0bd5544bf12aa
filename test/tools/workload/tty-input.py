"""Types a line into a terminal whose session has TTY auditing on (AUDIT_TTY_SET)."""
import os
import pty
import socket
import struct
import time

pid, terminal = pty.fork()
if pid == 0:
    audit = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 9)
    audit.send(struct.pack("=IHHIIII", 24, 1017, 5, 1, 0, 1, 0))
    audit.recv(8192)
    os.execvp("sh", ["sh", "-i"])
time.sleep(0.3)
for typed in (b"ls -l /srv/demo\x7f\x7fmo\n", b"echo 'caf\xc3\xa9'\t\n", b"exit\n"):
    os.write(terminal, typed)
    time.sleep(0.2)
os.waitpid(pid, 0)
