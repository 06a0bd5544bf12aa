#!/bin/sh
# Builds the workload under /srv/demo and records every case of capture-cases.py into the folder $1.
# Runs in a mount namespace of its own: accounts, sudo and nft exist only in overlays over /etc, /var and /usr.
#   capture.sh OUT [PACKAGES-DIR] [NAME…]     PACKAGES-DIR: unpacked Debian packages of sudo and nftables
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ "${INSIDE:-}" != 1 ]; then exec env INSIDE=1 unshare -m sh "$0" "$@"; fi
out=$1 packages=$2
shift 2
mount --make-rprivate /
scratch=/mnt
mount -t tmpfs scratch $scratch
for dir in etc var usr srv; do
  mkdir -p $scratch/$dir $scratch/work-$dir
  mount -t overlay overlay -o "lowerdir=/$dir,upperdir=$scratch/$dir,workdir=$scratch/work-$dir" /$dir
done
cp -a "$packages"/. / 2>/dev/null || true
printf '127.0.0.1 localhost web-1\n' >/etc/hosts
for user in alice:1001 bob:1002; do
  grep -q "^${user%:*}:" /etc/passwd || useradd -M -d /srv/demo -s /bin/sh -u "${user#*:}" "${user%:*}"
done
mkdir -p /etc/sudoers.d /srv/demo/bin /srv/demo/files/tmp /srv/demo/files/mnt
printf 'Defaults !use_pty\nalice ALL=(ALL) NOPASSWD: ALL, !/usr/sbin/reboot\n' >/etc/sudoers
chmod 440 /etc/sudoers
cd "$here/workload"
gcc -O1 -w -o /srv/demo/bin/calls calls.c -lpthread -lrt
for name in login user-record; do gcc -O1 -o /srv/demo/bin/$name $name.c; done
gcc -nostdlib -static -fno-pie -no-pie -o /srv/demo/bin/still still.c
gcc -m32 -O1 -nostdlib -static -fno-pie -no-pie -fno-stack-protector -o /srv/demo/bin/compat32 compat32.c
gcc -m32 -nostdlib -static -fno-pie -no-pie -Wl,-e,0x8049000 -xassembler - -o /srv/demo/bin/compat32-child <<'A'
.globl _start
_start: movl $1, %eax
xorl %ebx, %ebx
int $0x80
A
cp session.sh tty-input.py /srv/demo/bin
cp user-records.txt /srv/demo
cd /srv/demo
printf '#!/bin/sh\necho "$1" | wc -c\n' >bin/report.sh
printf '#!/usr/bin/perl -w\nprint 1\n' >bin/count.pl
printf 'echo no first line\n' >bin/plain.sh
printf '#!/srv/demo/bin/absent -x\n' >bin/broken.sh
printf 'not a program\n\0' >bin/garbage
cp bin/calls bin/capable
python3 -c 'import os, struct; os.setxattr("/srv/demo/bin/capable", "security.capability", struct.pack("<5I", 0x02000001, 0x2004, 0, 0, 0))'
printf 'note one\nnote two\n' >files/notes.txt
echo secret >files/private
mkdir -p "files/$(printf 'd \351ir')"
cp bin/still "files/$(printf 'd \351ir')/$(printf 'l\377"nk')"
chmod 755 bin/*
chmod 777 files files/tmp
chmod 600 files/private
chown -R 1001 files/tmp
/usr/bin/python3 "$here/record-audit.py" "$here/capture-cases.py" "$out" "$@"
