#!/usr/bin/env python3
"""Writes one recording of record-audit.py in each form in which audit records are saved.

Sources of truth: audit-userspace src/auditd-event.c (format_raw, format_enrich), audisp/plugins/syslog;
RFC 3164, RFC 5424; systemd src/journal/journald-audit.c and docs/JOURNAL_EXPORT_FORMATS.md; slackhq/go-audit.

    write-forms.py RECORDING FORM >OUT        FORM: one of FORMS below
"""
import datetime
import json
import re
import struct
import subprocess
import sys
import tempfile

EOE, HOST, SEPARATOR = 1320, "web-1", b"\x1d"
RAW_LIMIT = 8970 - 32
PEOPLE = {"0": "root", "1001": "alice", "1002": "bob", "1003": "carol", "4294967295": "unset", "104": "sshd"}
UID_FIELDS = "auid uid euid suid fsuid ouid oauid id sauid old-auid".split()
GID_FIELDS = "gid egid sgid fsgid ogid".split()
ARCHES = {"c000003e": "x86_64", "40000003": "i386"}
STAMP = re.compile(rb"audit\((\d+)\.(\d+):(\d+)\): ?")
NAMES = dict(pair.split(":") for pair in """1005:USER 1006:LOGIN 1100:USER_AUTH 1101:USER_ACCT 1102:USER_MGMT 1103:CRED_ACQ 1104:CRED_DISP
1105:USER_START 1106:USER_END 1107:USER_AVC 1108:USER_CHAUTHTOK 1109:USER_ERR 1110:CRED_REFR 1111:USYS_CONFIG 1112:USER_LOGIN
1113:USER_LOGOUT 1114:ADD_USER 1115:DEL_USER 1116:ADD_GROUP 1117:DEL_GROUP 1122:USER_SELINUX_ERR 1123:USER_CMD
1127:SYSTEM_BOOT 1128:SYSTEM_SHUTDOWN 1129:SYSTEM_RUNLEVEL 1130:SERVICE_START 1131:SERVICE_STOP 1132:GRP_MGMT 1138:SOFTWARE_UPDATE
1300:SYSCALL 1302:PATH 1303:IPC 1304:SOCKETCALL 1305:CONFIG_CHANGE 1306:SOCKADDR 1307:CWD 1309:EXECVE 1311:IPC_SET_PERM
1312:MQ_OPEN 1313:MQ_SENDRECV 1314:MQ_NOTIFY 1315:MQ_GETSETATTR 1317:FD_PAIR 1318:OBJ_PID 1319:TTY 1320:EOE 1321:BPRM_FCAPS
1322:CAPSET 1323:MMAP 1325:NETFILTER_CFG 1326:SECCOMP 1327:PROCTITLE 1328:FEATURE_CHANGE 1331:FANOTIFY 1334:BPF 1336:URINGOP
1337:OPENAT2 1701:ANOM_ABEND 2100:ANOM_LOGIN_FAILURES 2207:RESP_ACCT_LOCK 2300:USER_ROLE_CHANGE 2404:CRYPTO_KEY_USER
2407:CRYPTO_SESSION 2500:VIRT_CONTROL 2501:VIRT_RESOURCE 2502:VIRT_MACHINE_ID""".split())


def read_records(recording):
    """Gives (type, sec, msec, serial, body, payload) of each frame."""
    with open(recording, "rb") as file:
        data = file.read()
    at = 0
    while at < len(data):
        size, = struct.unpack_from("<I", data, at)
        frame = data[at + 4:at + 4 + size]
        at += 4 + size
        payload = frame[16:].rstrip(b"\0")
        stamp = STAMP.match(payload)
        yield struct.unpack_from("=H", frame, 4)[0], *map(int, stamp.groups()), payload[stamp.end():], payload


def name_of(kind):
    return NAMES.get(str(kind), f"UNKNOWN[{kind}]")


def raw_line(kind, payload, node=None):
    """One line as auditd writes it: newlines become spaces, one trailing space goes, the end is cut."""
    text = b"type=" + name_of(kind).encode() + b" msg=" + payload.replace(b"\n", b" ").replace(b"\r", b" ")
    line = (b"node=" + node.encode() + b" " if node else b"") + text[:RAW_LIMIT]
    return line[:-1] if line.endswith(b" ") else line


class Interpreter:
    """Names for the enriched tail: people of the demo host; calls and addresses as Debian's tools name them."""

    def __init__(self, lines):
        self.calls = {}
        self.addresses = {}
        with tempfile.NamedTemporaryFile() as log:
            log.write(b"\n".join(line for line in lines if b"SOCKADDR" in line) + b"\n")
            log.flush()
            shown = subprocess.run(["ausearch", "-if", log.name, "-i"], capture_output=True, check=False).stdout
        raw = re.findall(rb"audit\([\d.]+:(\d+)\): saddr=([0-9A-F]+)", b"\n".join(lines))
        told = dict(re.findall(rb":(\d+)\) : saddr=(.*?) ?\n", shown))
        self.addresses = {saddr: told[serial] for serial, saddr in raw if serial in told}

    def call(self, arch, number):
        key = (arch, number)
        if key not in self.calls:
            shown = subprocess.run(["ausyscall", arch, number], capture_output=True, check=False).stdout.decode().split("\n")[0]
            self.calls[key] = shown if re.fullmatch("[a-z0-9_]+", shown) else f"unknown-syscall({number})"
        return self.calls[key]

    def tail(self, line):
        arch = "x86_64"
        words = []
        for key, value in re.findall(rb"""[ '(]([A-Za-z][\w-]*)=("[^"]*"|[^ ']*)""", line):
            key, text = key.decode(), value.decode("latin1")
            if key == "arch":
                arch = ARCHES[text]
                words.append(b"ARCH=" + arch.encode())
            elif key == "syscall" and text.isdigit():
                words.append(b"SYSCALL=" + self.call(arch, text).encode())
            elif key in UID_FIELDS + GID_FIELDS and text.isdigit():
                words.append(f'{key.upper()}="{PEOPLE.get(text, f"unknown({text})")}"'.encode())
            elif key == "saddr":
                words.append(b"SADDR=" + self.addresses.get(value, b"unknown-family(0)"))
        return SEPARATOR + b" ".join(words) if words else b""


def auditd(records, node=None, enriched=False, eoe=False):
    lines = [raw_line(kind, payload, node) for kind, _, _, _, _, payload in records if eoe or kind != EOE]
    interpreter = Interpreter(lines) if enriched else None
    return [line + (interpreter.tail(line) if interpreter else b"") for line in lines]


def moment(sec, msec):
    return datetime.datetime.fromtimestamp(sec, datetime.timezone.utc).replace(microsecond=msec * 1000)


def stamped(records, lines, head):
    """Puts a syslog head before each line; `head` gets the record's time, a moment later."""
    when = [moment(sec, msec) for kind, sec, msec, *_ in records if kind != EOE]
    return [head(at).encode() + line for at, line in zip(when, lines)]


def rfc3164(at):
    return f"{at:%b} {at.day:2d} {at:%H:%M:%S}"


def plain(records):
    return [record for record in records if record[0] != EOE]


def syslog(records):
    return stamped(records, auditd(records), lambda at: f"{rfc3164(at)} {HOST} audisp-syslog[811]: ")


def syslog_pri(records):
    return stamped(records, auditd(records, HOST), lambda at: f"<134>{rfc3164(at)} {HOST} audispd: ")


def syslog_enriched(records):
    lines = [line.replace(SEPARATOR, b" ", 1) for line in auditd(records, enriched=True)]
    return stamped(records, lines, lambda at: f"<14>{rfc3164(at)} {HOST} audisp-syslog[811]: ")


def syslog_5424(records):
    return stamped(records, auditd(records),
                   lambda at: f"<14>1 {at:%Y-%m-%dT%H:%M:%S.%f}+00:00 {HOST} audisp-syslog 811 - - ")


def syslog_iso(records):
    return stamped(records, auditd(records), lambda at: f"{at:%Y-%m-%dT%H:%M:%S.%f}+00:00 {HOST} audisp-syslog[811]: ")


def go_audit(records):
    events = {}
    for kind, sec, msec, serial, body, _ in plain(records):
        event = events.setdefault(serial, {"sequence": serial, "timestamp": f"{sec}.{msec:03d}", "messages": [], "uid_map": {}})
        event["messages"].append({"type": kind, "data": body.decode("latin1")})
        for _, uid in re.findall(rb" (auid|uid|euid|suid|fsuid|ouid)=(\d+)", body):
            event["uid_map"][uid.decode()] = PEOPLE.get(uid.decode(), "UNKNOWN_USER")
    return [json.dumps(event, separators=(",", ":")).encode() for event in events.values()]


JOURNAL_NAMES = {"pid": "_PID", "ppid": "_PPID", "uid": "_UID", "euid": "_EUID", "fsuid": "_FSUID", "gid": "_GID", "egid": "_EGID",
                 "fsgid": "_FSGID", "tty": "_TTY", "ses": "_AUDIT_SESSION", "auid": "_AUDIT_LOGINUID", "comm": "_COMM",
                 "exe": "_EXE", "proctitle": "_CMDLINE", "subj": "_SELINUX_CONTEXT"}


# By whether the kernel wrote the field itself; systemd src/journal/journald-audit.c, map_string_field.
JOURNAL_STRINGS = {True: ("comm", "exe", "proctitle", "path", "dev", "name"), False: ("cwd", "cmd", "acct", "exe")}


def journal_fields(body):
    """
    Splits a body as journald does: kernel fields become _AUDIT_FIELD_*, those inside msg='…' AUDIT_FIELD_*. It decodes
    those of JOURNAL_STRINGS; all others keep their quotes.
    """
    outer, _, inner = body.partition(b"msg='")
    for part, trusted in ((outer, True), (inner.rstrip(b"'"), False)):
        for key, value in re.findall(rb"""(?:^| )([A-Za-z][\w\[\]-]*)=("[^"]*"|[^ ]*)""", part):
            key = key.decode()
            is_string = key in JOURNAL_STRINGS[trusted]
            if is_string and value.startswith(b'"'):
                value = value.strip(b'"')
            elif is_string and re.fullmatch(rb"([0-9A-F]{2})+", value):
                value = bytes.fromhex(value.decode())
            name = re.sub("[^A-Z0-9]", "_", key.upper())
            mapped = JOURNAL_NAMES.get(key) if trusted else None
            yield mapped or ("_AUDIT_FIELD_" if trusted else "AUDIT_FIELD_") + name, value


def journal_export(records):
    boot, machine = "0a1b2c3d4e5f40718293a4b5c6d7e8f9", "9f8e7d6c5b4a43218f0e1d2c3b4a5968"
    out = bytearray()
    for number, (kind, sec, msec, serial, body, _) in enumerate(plain(records), 1):
        micros = (sec * 1000 + msec) * 1000
        fields = [("__REALTIME_TIMESTAMP", str(micros + 2908 + number)), ("__MONOTONIC_TIMESTAMP", str(1921152224 + number * 97)),
                  ("_BOOT_ID", boot), ("_TRANSPORT", "audit"), ("_MACHINE_ID", machine), ("_HOSTNAME", HOST),
                  ("SYSLOG_FACILITY", "4"), ("SYSLOG_IDENTIFIER", "audit"), ("_SOURCE_REALTIME_TIMESTAMP", str(micros)),
                  ("_AUDIT_TYPE", str(kind)), ("_AUDIT_ID", str(serial)), ("_AUDIT_TYPE_NAME", name_of(kind)),
                  ("MESSAGE", name_of(kind).encode() + b" " + body.strip(b" "))]
        for name, value in fields + list(journal_fields(body)):
            value = value if isinstance(value, bytes) else value.encode()
            if all(32 <= byte < 127 or byte == 9 for byte in value):
                out += name.encode() + b"=" + value + b"\n"
            else:
                out += name.encode() + b"\n" + struct.pack("<Q", len(value)) + value + b"\n"
        out += b"\n"
    return bytes(out)


FORMS = {
    "raw": auditd, "node": lambda r: auditd(r, node=HOST), "enriched": lambda r: auditd(r, enriched=True),
    "node-enriched": lambda r: auditd(r, node=HOST, enriched=True), "eoe": lambda r: auditd(r, eoe=True),
    "syslog": syslog, "syslog-pri": syslog_pri, "syslog-enriched": syslog_enriched, "syslog-5424": syslog_5424,
    "syslog-iso": syslog_iso, "go-audit": go_audit, "journal-export": journal_export,
}


def write_form(recording, form):
    made = FORMS[form](list(read_records(recording)))
    return made if isinstance(made, bytes) else b"".join(line + b"\n" for line in made)


if __name__ == "__main__":
    sys.stdout.buffer.write(write_form(sys.argv[1], sys.argv[2]))
