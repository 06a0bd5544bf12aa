#!/usr/bin/env python3
"""Records the audit events of small workloads from the kernel's netlink socket, one corpus case each.

Source of truth: include/uapi/linux/audit.h, kernel/audit.c (audit_receive_msg), kernel/auditsc.c.

    record-audit.py CASES.py OUT [NAME…]      needs root; auditd must not run

Each workload runs in an audit session of its own and the rules are held to that session, so nothing else on
the machine is recorded; events of other sessions (user records, crashes) are dropped afterwards. A lock keeps
two recorders apart. On every way out the kernel's audit state is what it was before.

A recording `OUT/NAME.bin` is a row of frames: u32 length (little endian), then the netlink message.
"""
import collections
import fcntl
import os
import re
import runpy
import signal
import socket
import struct
import subprocess
import sys
import time

LOCK = "/tmp/audit.lock"
NETLINK_AUDIT = 9
AUDIT_GET, AUDIT_SET, AUDIT_ADD_RULE, AUDIT_DEL_RULE = 1000, 1001, 1011, 1012
AUDIT_EOE = 1320
URING_LIST, ALWAYS, FIELD_UID, EQUAL = 7, 2, 1, 0x40000000
NLM_F_REQUEST, NLM_F_ACK = 1, 4
ENABLED, FAILURE, PID, RATE_LIMIT, BACKLOG_LIMIT = 1, 2, 4, 8, 16
SO_RCVBUFFORCE = 33
QUIET_S = 0.3
STAMP = re.compile(rb"audit\((\d+\.\d+:\d+)\): ?")
PRINTED = re.compile(rb"audit: type=\d+ audit\((\d+\.\d+:\d+)\): ")
LOGIN = "/srv/demo/bin/login"
FIELDS = "mask enabled failure pid rate_limit backlog_limit lost backlog".split()


class AuditSocket:
    """The kernel's audit socket, with its state as it was found."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_AUDIT)
        self.socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 16 << 20)
        self.socket.bind((0, 0))
        self.sequence = 0
        self.frames = []
        self.found = self.status()
        if self.found["pid"] or self.found["enabled"]:
            raise SystemExit("audit is in use: enabled=%(enabled)d pid=%(pid)d" % self.found)

    def send(self, kind, payload=b""):
        self.sequence += 1
        header = struct.pack("=IHHII", 16 + len(payload), kind, NLM_F_REQUEST | NLM_F_ACK, self.sequence, 0)
        self.socket.sendto(header + payload, (0, 0))

    def status(self):
        self.send(AUDIT_GET)
        until = time.monotonic() + 5
        while time.monotonic() < until:
            frame = self.receive(1)
            if frame and struct.unpack_from("=H", frame, 4)[0] == AUDIT_GET:
                return dict(zip(FIELDS, struct.unpack_from("=8I", frame, 16)))
        raise SystemExit("the kernel does not answer AUDIT_GET")

    def set(self, mask, **values):
        self.send(AUDIT_SET, struct.pack("=8I", mask, *(values.get(name, 0) for name in FIELDS[1:])) + bytes(12))

    def receive(self, timeout):
        self.socket.settimeout(timeout)
        try:
            frame = self.socket.recv(65536)
        except (TimeoutError, socket.timeout):
            return None
        if STAMP.match(frame, 16):
            self.frames.append(frame)
        return frame

    def drain(self):
        while self.receive(QUIET_S):
            pass

    def start(self, take_socket):
        self.set(ENABLED | FAILURE | BACKLOG_LIMIT | (PID if take_socket else 0),
                 enabled=1, failure=0, pid=os.getpid() if take_socket else 0, backlog_limit=16384)

    def restore(self):
        self.set(ENABLED | PID, enabled=0, pid=0)
        self.set(FAILURE | BACKLOG_LIMIT, failure=self.found["failure"], backlog_limit=self.found["backlog_limit"])
        self.drain()


def set_uring_rule(audit, kind, operation):
    """Adds or deletes a rule of the io_uring list for one operation by alice, which auditctl 3.0 cannot."""
    mask = [0] * 64
    mask[operation // 32] = 1 << operation % 32
    one = lambda value: struct.pack("=64I", value, *[0] * 63)
    audit.send(kind, struct.pack("=3I", URING_LIST, ALWAYS, 1) + struct.pack("=64I", *mask) + one(FIELD_UID)
               + one(1001) + one(EQUAL) + struct.pack("=I", 0))


def set_ratelimit(seconds):
    with open("/proc/sys/kernel/printk_ratelimit", "w") as file:
        file.write(seconds)


def auditctl(action, rule, **place):
    subprocess.run(["auditctl", action, *(word.format(**place) for word in rule.split())],
                   check=action == "-a", stdout=subprocess.DEVNULL, stderr=None if action == "-a" else subprocess.DEVNULL)


def start_login(case):
    """Starts the workload held back before its first step; returns it, its session number and the gate."""
    session_out, session_in = os.pipe()
    gate_out, gate_in = os.pipe()

    def place_descriptors():
        os.dup2(session_in, 103)
        os.dup2(gate_out, 104)
        os.dup2(103, 3)
        os.dup2(104, 4)
        os.closerange(5, 256)

    who = str(case.get("uid", 1001))
    environment = {"LOGIN_LATE": "1"} if case.get("late") else {}
    child = subprocess.Popen([LOGIN, str(case.get("auid", 1001)), who, who, *case["command"]],
                             preexec_fn=place_descriptors, close_fds=False, env=environment,
                             stdin=open(case["stdin"]) if case.get("stdin") else subprocess.DEVNULL,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(session_in)
    os.close(gate_out)
    return child, session_out, gate_in


def record(case, out):
    audit = AuditSocket()
    child, session_out, gate = start_login(case)
    late = case.get("late")
    session = "" if late else os.read(session_out, 32).decode().strip()
    place = {"ses": session}
    try:
        audit.start(not case.get("printk"))
        if case.get("printk"):
            set_ratelimit("0")
        for rule in case["rules"]:
            auditctl("-a", rule, **place)
        if "uring" in case:
            set_uring_rule(audit, AUDIT_ADD_RULE, case["uring"])
        if case.get("before"):
            subprocess.run(case["before"], shell=True, check=True)
        os.write(gate, b"x")
        if late:
            session = os.read(session_out, 32).decode().strip()
        deadline = time.monotonic() + 30
        while child.poll() is None and time.monotonic() < deadline:
            audit.receive(0.05)
        if child.poll() is None:
            child.kill()
        audit.drain()
    finally:
        if child.poll() is None:
            child.kill()
        for rule in case["rules"]:
            auditctl("-d", rule, **place)
        if "uring" in case:
            set_uring_rule(audit, AUDIT_DEL_RULE, case["uring"])
        if case.get("printk"):
            set_ratelimit("5")
        audit.restore()
    if case.get("printk"):
        return record_printk(f"{out}/{case['name']}.kmsg", session), 0
    frames = own_events(audit.frames, session, case.get("also"))
    with open(f"{out}/{case['name']}.bin", "wb") as file:
        for frame in frames:
            file.write(struct.pack("<I", len(frame)) + frame)
    return frames, audit.status()["lost"] - audit.found["lost"]


def own_events(frames, session, also):
    """Keeps the events that name the session, or match `also`, in the kernel's order."""
    wanted = re.compile(rb"\bses=%s\b" % session.encode() + (b"|" + also.encode() if also else b""))
    texts = collections.defaultdict(bytes)
    for frame in frames:
        texts[STAMP.match(frame, 16).group(1)] += frame[16:]
    return [frame for frame in frames if wanted.search(texts[STAMP.match(frame, 16).group(1)])]


def record_printk(path, session):
    """Writes the records that the kernel printed for want of a daemon, as `dmesg --raw` shows them."""
    lines = [line for line in subprocess.run(["dmesg", "--raw"], capture_output=True, check=True).stdout.split(b"\n")
             if PRINTED.search(line)]
    own = {PRINTED.search(line).group(1) for line in lines if b"ses=%s " % session.encode() in line}
    lines = [line for line in lines if PRINTED.search(line).group(1) in own]
    with open(path, "wb") as file:
        file.write(b"".join(line + b"\n" for line in lines))
    print(f"{path}: records={len(lines)} events={len(own)}")
    return []


def main():
    cases, out, *names = sys.argv[1:]
    os.makedirs(out, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with open(LOCK, "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for case in runpy.run_path(cases)["CASES"]:
            if names and case["name"] not in names:
                continue
            frames, lost = record(case, out)
            kinds = [struct.unpack_from("=H", frame, 4)[0] for frame in frames]
            events = {STAMP.match(frame, 16).group(1) for frame in frames}
            print(f"{case['name']}: records={sum(kind != AUDIT_EOE for kind in kinds)} events={len(events)} lost={lost}",
                  "types=" + ",".join(f"{kind}x{n}" for kind, n in sorted(collections.Counter(kinds).items())), flush=True)


main()
