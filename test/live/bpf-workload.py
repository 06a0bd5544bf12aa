"""What a BPF capture has to see, each exec and socket told on stdout as a line of JSON. Run in a control group."""

import ctypes
import json
import os
import socket
import sys
import threading

folder, group = sys.argv[1:]
with open(os.path.join(group, "cgroup.procs"), "w") as procs:
    procs.write(str(os.getpid()))
libc = ctypes.CDLL(None, use_errno=True)
TRUE = os.path.realpath("/bin/true")


def tell(**facts):
    print(json.dumps(facts), flush=True)


def in_child(kind, act, argv, path, cwd=None, status=0):
    pid = os.fork()
    if pid == 0:
        try:
            if cwd:
                os.chdir(cwd)
            act()
        except OSError as error:
            os._exit(error.errno)
        os._exit(120)
    _, ended = os.waitpid(pid, 0)
    tell(op="exec", kind=kind, pid=pid, ppid=os.getpid(), argv=argv, path=path, cwd=cwd or os.getcwd(), status=status, ended=ended)


def c_argv(argv):
    return (ctypes.c_char_p * (len(argv) + 1))(*[text.encode("utf-8", "surrogateescape") for text in argv], None)


many = ["true"] + [f"argument {number}" for number in range(59)]
in_child("literal", lambda: libc.execl(b"/bin/true", b"true", b"literal", b"two words", None), ["true", "literal", "two words"], "/bin/true")
in_child("many", lambda: os.execv("/bin/true", many), many, "/bin/true")
bytes_ = ["true", "caf\udce9", "new\nline"]
in_child("bytes", lambda: os.execv("/bin/true", bytes_), ["true", "caf\\xE9", "new\nline"], "/bin/true")

script = os.path.join(folder, "script")
with open(script, "w") as file:
    file.write("#!/bin/sh\nexit 0\n")
os.chmod(script, 0o755)
in_child("script", lambda: os.execv(script, ["script", "now"]), ["/bin/sh", script, "now"], script)
in_child("relative", lambda: os.execv("./script", ["./script"]), ["/bin/sh", "./script"], "./script", cwd=folder)

opened = os.open("/bin/true", os.O_RDONLY | os.O_CLOEXEC)
in_child("fexecve", lambda: libc.fexecve(opened, c_argv(["true", "by descriptor"]), c_argv([])), ["true", "by descriptor"], f"/dev/fd/{opened}")
memory = os.memfd_create("demo")
with open("/bin/true", "rb") as file:
    os.write(memory, file.read())
in_child("memfd", lambda: libc.fexecve(memory, c_argv(["true", "in memory"]), c_argv([])), ["true", "in memory"], f"/dev/fd/{memory}")


def by_thread():
    thread = threading.Thread(target=lambda: os.execv("/bin/true", ["true", "by thread"]))
    thread.start()
    thread.join()


in_child("thread", by_thread, ["true", "by thread"], "/bin/true")
missing = os.path.join(folder, "missing")
in_child("failing", lambda: libc.execl(missing.encode(), b"missing", b"literal", None) and os._exit(2), ["missing", "literal"], missing, status=2)


def stream(family, address):
    listener = socket.socket(family)
    listener.bind(address)
    listener.listen(3)
    caller = socket.socket(family)
    caller.connect(listener.getsockname())
    taken, _ = listener.accept()
    here, there = caller.getsockname(), listener.getsockname()
    name = lambda end: end if isinstance(end, str) else end.decode() if isinstance(end, bytes) else f"{end[0]} {end[1]}"
    tell(op="socket", family=int(family), pid=os.getpid(), listener=name(there), caller=name(here))


stream(socket.AF_INET, ("127.0.0.1", 0))
stream(socket.AF_INET6, ("::1", 0))
stream(socket.AF_UNIX, os.path.join(folder, "socket"))
stream(socket.AF_UNIX, b"\0retrail-abstract")
datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
datagrams.connect(("127.0.0.1", 9))
tell(op="datagrams", caller="{} {}".format(*datagrams.getsockname()))
refused = socket.socket()
try:
    refused.connect(("127.0.0.1", 1))
except ConnectionRefusedError:
    tell(op="refused")
