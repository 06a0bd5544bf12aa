"""The workloads of the captured corpus cases: name, rules ({ses} is the workload's session) and command.

`uid` is who runs it (1001 alice by default, 0 root), `also` keeps events that name no session, `late` records the
login itself, `uring` adds a rule for that io_uring operation, `printk` leaves the socket to nobody.
"""

S = "-F sessionid={ses}"
EXEC = f"always,exit -F arch=b64 -S execve,execveat {S} -k exec"
NET = f"always,exit -F arch=b64 -S connect,bind,listen,accept,accept4 {S} -k net"
PROCESS = f"always,exit -F arch=b64 -S fork,vfork,clone,clone3 {S} -k process"
END = f"always,exit -F arch=b64 -S exit,exit_group {S} -k exit"
IDS = f"always,exit -F arch=b64 -S setuid,setgid,setreuid,setregid,setresuid,setresgid,capset {S} -k ids"
WATCH = f"always,exit -F dir=/srv/demo/files -F perm=wa {S} -k watch"


def calls(group):
    return ["/srv/demo/bin/calls", group]


def shell(text):
    return ["sh", "-c", text]


def watched(*names):
    return f"always,exit -F arch=b64 -S {','.join(names)} {S} -k calls"


CASES = [
    {"name": "exec-plain", "rules": [EXEC], "command": shell("ls -l /srv/demo/files; cat files/notes.txt; id -u")},
    {"name": "exec-script", "rules": [EXEC], "command": shell("report.sh 'two words'; bin/count.pl; plain.sh; bin/broken.sh")},
    {"name": "exec-failed", "rules": [EXEC], "command": calls("exec-failed")},
    {"name": "exec-execveat", "rules": [EXEC], "command": calls("exec-at")},
    {"name": "exec-memfd", "rules": [EXEC], "command": calls("exec-memfd")},
    {"name": "exec-deleted", "rules": [EXEC], "command": calls("exec-deleted"), "before": "cp /srv/demo/bin/calls /srv/demo/files/gone; chmod 777 /srv/demo/files"},
    {"name": "exec-argv-bytes", "rules": [EXEC], "command": calls("exec-bytes")},
    {"name": "exec-argv-hostile", "rules": [EXEC], "command": calls("exec-hostile")},
    {"name": "exec-argc-zero", "rules": [EXEC], "command": calls("exec-argc-zero")},
    {"name": "exec-argv-20k", "rules": [EXEC], "command": calls("exec-20k")},
    {"name": "exec-argv-split", "rules": [EXEC], "command": calls("exec-cuts")},
    {"name": "exec-argv-500", "rules": [EXEC], "command": calls("exec-500")},
    {"name": "exec-argv-131071", "rules": [EXEC], "command": calls("exec-131071")},
    {"name": "exec-argv-20000", "rules": [EXEC], "command": calls("exec-20000")},
    {"name": "exec-cwd-odd", "rules": [EXEC], "command": calls("exec-where")},
    {"name": "exec-multiple-keys", "rules": [f"always,exit -F arch=b64 -S execve {S} -k watch -k second", WATCH], "command": shell("touch files/tmp/t; rm files/tmp/t")},
    {"name": "fork-family", "rules": [PROCESS], "command": calls("forks")},
    {"name": "clone-threads", "rules": [PROCESS], "command": calls("threads")},
    {"name": "exit-codes", "rules": [END], "command": calls("exits")},
    {"name": "process-lives", "rules": [EXEC, PROCESS, END], "command": shell("ls files | wc -l; (exit 3); true")},
    {"name": "signals", "rules": [watched("kill", "tkill", "tgkill")], "command": calls("signals")},
    {"name": "i386-calls", "rules": [f"always,exit -F arch=b32 -S execve,fork,socketcall,connect,kill,exit {S} -k compat"], "command": ["/srv/demo/bin/compat32"]},
    {"name": "syscall-unknown-number", "rules": [f"always,exit -F arch=b64 -S all -F exit=-ENOSYS {S} -k odd"], "command": calls("odd-number")},
    {"name": "net-ipv4", "rules": [NET], "command": calls("net-ipv4")},
    {"name": "net-ipv6", "rules": [NET], "command": calls("net-ipv6")},
    {"name": "net-failed", "rules": [NET], "command": calls("net-failed")},
    {"name": "net-unix", "rules": [NET], "command": calls("net-unix"), "before": "chmod 777 /srv/demo/files"},
    {"name": "net-families", "rules": [NET, watched("sendto")], "uid": 0, "command": calls("net-other")},
    {"name": "net-curl", "rules": [EXEC, NET], "command": shell("/usr/bin/python3 -m http.server -b 127.0.0.1 38082 & sleep 0.5; curl -s -o /dev/null -A 'Mozilla/5.0 (X11; \"x\")' http://127.0.0.1:38082/notes.txt; kill %1")},
    {"name": "seccomp", "rules": [f"always,exit -F arch=b64 -S seccomp {S}"], "command": calls("seccomp")},
    {"name": "anom-abend", "rules": [], "command": calls("crash")},
    {"name": "ids-and-capset", "rules": [IDS], "uid": 0, "command": calls("ids")},
    {"name": "exec-file-capabilities", "rules": [EXEC], "command": ["/srv/demo/bin/capable", "exec"]},
    {"name": "mmap-fd-pair", "rules": [f"always,exit -F arch=b64 -S mmap,pipe,socketpair -F exe=/srv/demo/bin/calls {S} -k mm"], "command": calls("memory")},
    {"name": "mqueue-ipc", "rules": [watched("mq_open", "mq_timedsend", "mq_notify", "mq_getsetattr", "mq_unlink", "shmget", "shmctl", "semctl")], "command": calls("queues")},
    {"name": "file-operations", "rules": [f"always,exit -F dir=/srv/demo/files -F perm=wa {S} -k watch", f"always,exit -F arch=b64 -S openat -F exit=-EACCES {S} -k access", watched("rename", "renameat2", "symlink", "link", "truncate", "unlink", "open", "creat")], "command": calls("files")},
    {"name": "openat2", "rules": [watched("openat2", "unlink")], "command": calls("open-how")},
    {"name": "landlock", "rules": [watched("landlock_restrict_self")], "command": calls("landlock"), "also": r"domain=[0-9a-f]+ status=deallocated"},
    {"name": "bpf-load", "rules": [watched("bpf")], "uid": 0, "command": calls("bpf"), "also": r"prog-id=\d+ op=UNLOAD"},
    {"name": "fanotify", "rules": [f"always,exit -F arch=b64 -S openat -F dir=/srv/demo/files {S} -k fan"], "uid": 0, "command": calls("fanotify")},
    {"name": "io-uring", "rules": [watched("io_uring_enter")], "uring": 18, "command": calls("uring")},
    {"name": "system-calls", "rules": [watched("mount", "umount2", "unshare", "mknod", "chroot", "ptrace", "sethostname", "unlink")], "uid": 0, "command": calls("system")},
    {"name": "netfilter-nft", "rules": [], "uid": 0, "command": shell("unshare -n sh -c 'nft add table inet demo; nft \"add chain inet demo in { type filter hook input priority 0; }\"; nft add rule inet demo in ip saddr 192.0.2.1 drop; nft delete table inet demo'")},
    {"name": "config-change", "rules": [], "uid": 0, "command": shell("auditctl -a always,exit -F arch=b64 -S mkdir -F auid=1002 -k demo; auditctl -w /srv/demo/files -p wa -k watch; auditctl -W /srv/demo/files -p wa -k watch; auditctl -d always,exit -F arch=b64 -S mkdir -F auid=1002 -k demo; auditctl -b 16000; auditctl -m 'note: \"quoted\" text=1'; auditctl --loginuid-immutable 2>/dev/null; true")},
    {"name": "login-uid", "rules": ["always,exit -F arch=b64 -S write -F exe=/srv/demo/bin/login -k login"], "late": True, "command": ["true"]},
    {"name": "user-records", "rules": [], "uid": 0, "stdin": "/srv/demo/user-records.txt", "command": ["/srv/demo/bin/user-record"]},
    {"name": "tty-input", "rules": [], "uid": 0, "command": ["/usr/bin/python3", "/srv/demo/bin/tty-input.py"]},
    {"name": "su", "rules": [EXEC, IDS], "uid": 0, "command": shell("su alice -s /bin/sh -c 'id -un'")},
    {"name": "sudo", "rules": [EXEC, IDS], "command": shell("sudo -n -u bob id -un; sudo -n cat /srv/demo/files/private; sudo -n printf '%s\\n' 'qu\"ote' 'caf\u00e9'; sudo -n reboot --dry-run")},
    {"name": "accounts", "rules": [], "uid": 0, "command": shell("useradd -m carol; usermod -c 'Carol C' carol; groupadd staff2; gpasswd -a carol staff2; echo carol:s3cret-demo | chpasswd; chage -M 90 carol; passwd -l carol; groupdel staff2; userdel -r carol")},
    {"name": "printk", "rules": [EXEC, NET], "printk": True, "command": shell("ls files; cat 'files/notes.txt'; calls exec-bytes; calls exec-cuts; calls net-failed")},
    {"name": "session-mixed", "rules": [EXEC, PROCESS, END, NET, IDS, WATCH], "command": ["sh", "/srv/demo/bin/session.sh"]},
]
