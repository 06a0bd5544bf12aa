/** Audit events: number, systems, classes, name, description. Written by test/generate/bsm-tables.ts; do not edit. */
export const EVENT_LINES = `\
0 omf no AUE_NULL indir system call
1 omf pc AUE_EXIT exit(2)
2 omf pc AUE_FORK fork(2)
3 omf fa AUE_OPEN open(2) - attr only
4 omf fc AUE_CREAT creat(2)
5 omf fc AUE_LINK link(2)
6 omf fd AUE_UNLINK unlink(2)
7 omf pc,ex AUE_EXEC exec(2)
8 omf pc AUE_CHDIR chdir(2)
9 omf fc AUE_MKNOD mknod(2)
10 omf fm AUE_CHMOD chmod(2)
11 omf fm AUE_CHOWN chown(2)
12 omf ad AUE_UMOUNT umount(2) - old version
13 omf no AUE_JUNK junk
14 omf fa AUE_ACCESS access(2)
15 omf pc AUE_KILL kill(2)
16 omf fa AUE_STAT stat(2)
17 omf fa AUE_LSTAT lstat(2)
18 omf ad AUE_ACCT acct(2)
19 omf no AUE_MCTL mctl(2)
20 omf ad AUE_REBOOT reboot(2)
21 omf fc AUE_SYMLINK symlink(2)
22 omf fr AUE_READLINK readlink(2)
23 omf pc,ex AUE_EXECVE execve(2)
24 omf pc AUE_CHROOT chroot(2)
25 omf pc AUE_VFORK vfork(2)
26 omf pc AUE_SETGROUPS setgroups(2)
27 omf pc AUE_SETPGRP setpgrp(2)
28 omf ad AUE_SWAPON swapon(2)
29 omf ad AUE_SETHOSTNAME sethostname(2)
30 omf fm AUE_FCNTL fcntl(2)
31 omf pc AUE_SETPRIORITY setpriority(2)
32 omf nt AUE_CONNECT connect(2)
33 omf nt AUE_ACCEPT accept(2)
34 omf nt AUE_BIND bind(2)
35 omf nt AUE_SETSOCKOPT setsockopt(2)
36 omf pc AUE_VTRACE vtrace(2)
37 omf ad AUE_SETTIMEOFDAY settimeofday(2)
38 omf fm AUE_FCHOWN fchown(2)
39 omf fm AUE_FCHMOD fchmod(2)
40 omf pc AUE_SETREUID setreuid(2)
41 omf pc AUE_SETREGID setregid(2)
42 omf fc,fd AUE_RENAME rename(2)
43 omf fw AUE_TRUNCATE truncate(2)
44 omf fw AUE_FTRUNCATE ftruncate(2)
45 omf fm AUE_FLOCK flock(2)
46 omf nt AUE_SHUTDOWN shutdown(2)
47 omf fc AUE_MKDIR mkdir(2)
48 omf fd AUE_RMDIR rmdir(2)
49 omf fm AUE_UTIMES utimes(2)
50 omf ad AUE_ADJTIME adjtime(2)
51 omf pc AUE_SETRLIMIT setrlimit(2)
52 omf pc AUE_KILLPG killpg(2)
53 omf ad AUE_NFS_SVC nfs_svc(2)
54 omf fa AUE_STATFS statfs(2)
55 omf fa AUE_FSTATFS fstatfs(2)
56 omf ad AUE_UNMOUNT unmount(2)
57 omf ad AUE_ASYNC_DAEMON async_daemon(2)
58 omf ad AUE_NFS_GETFH nfs_getfh(2)
59 omf ad AUE_SETDOMAINNAME setdomainname(2)
60 omf ad AUE_QUOTACTL quotactl(2)
61 omf ad AUE_EXPORTFS exportfs(2)
62 omf ad AUE_MOUNT mount(2)
63 omf ip AUE_SEMSYS semsys(2)
64 omf ip AUE_MSGSYS msgsys(2)
65 omf ip AUE_SHMSYS shmsys(2)
66 omf ad AUE_BSMSYS bsmsys(2)
67 omf ad AUE_RFSSYS rfssys(2)
68 omf pc AUE_FCHDIR fchdir(2)
69 omf pc AUE_FCHROOT fchroot(2)
70 omf no AUE_VPIXSYS vpixsys(2)
71 omf fa AUE_PATHCONF pathconf(2)
72 omf fr AUE_OPEN_R open(2) - read
73 omf fc,fr,fa,fm AUE_OPEN_RC open(2) - read,creat
74 omf fd,fr,fa,fm AUE_OPEN_RT open(2) - read,trunc
75 omf fc,fd,fr,fa,fm AUE_OPEN_RTC open(2) - read,creat,trunc
76 omf fw AUE_OPEN_W open(2) - write
77 omf fc,fw,fa,fm AUE_OPEN_WC open(2) - write,creat
78 omf fd,fw,fa,fm AUE_OPEN_WT open(2) - write,trunc
79 omf fc,fd,fw,fa,fm AUE_OPEN_WTC open(2) - write,creat,trunc
80 omf fr,fw AUE_OPEN_RW open(2) - read,write
81 omf fc,fw,fr,fa,fm AUE_OPEN_RWC open(2) - read,write,creat
82 omf fd,fr,fw,fa,fm AUE_OPEN_RWT open(2) - read,write,trunc
83 omf fc,fd,fw,fr,fa,fm AUE_OPEN_RWTC open(2) - read,write,creat,trunc
84 omf ip AUE_MSGCTL msgctl(2) - illegal command
85 omf ip AUE_MSGCTL_RMID msgctl(2) - IPC_RMID command
86 omf ip AUE_MSGCTL_SET msgctl(2) - IPC_SET command
87 omf ip AUE_MSGCTL_STAT msgctl(2) - IPC_STAT command
88 omf ip AUE_MSGGET msgget(2)
89 omf ip AUE_MSGRCV msgrcv(2)
90 omf ip AUE_MSGSND msgsnd(2)
91 omf ip AUE_SHMCTL shmctl(2) - illegal command
92 omf ip AUE_SHMCTL_RMID shmctl(2) - IPC_RMID command
93 omf ip AUE_SHMCTL_SET shmctl(2) - IPC_SET command
94 omf ip AUE_SHMCTL_STAT shmctl(2) - IPC_STAT command
95 omf ip AUE_SHMGET shmget(2)
96 omf ip AUE_SHMAT shmat(2)
97 omf ip AUE_SHMDT shmdt(2)
98 omf ip AUE_SEMCTL semctl(2) - illegal command
99 omf ip AUE_SEMCTL_RMID semctl(2) - IPC_RMID command
100 omf ip AUE_SEMCTL_SET semctl(2) - IPC_SET command
101 omf ip AUE_SEMCTL_STAT semctl(2) - IPC_STAT command
102 omf ip AUE_SEMCTL_GETNCNT semctl(2) - GETNCNT command
103 omf ip AUE_SEMCTL_GETPID semctl(2) - GETPID command
104 omf ip AUE_SEMCTL_GETVAL semctl(2) - GETVAL command
105 omf ip AUE_SEMCTL_GETALL semctl(2) - GETALL command
106 omf ip AUE_SEMCTL_GETZCNT semctl(2) - GETZCNT command
107 omf ip AUE_SEMCTL_SETVAL semctl(2) - SETVAL command
108 omf ip AUE_SEMCTL_SETALL semctl(2) - SETALL command
109 omf ip AUE_SEMGET semget(2)
110 omf ip AUE_SEMOP semop(2)
111 omf fc AUE_CORE process dumped core
112 omf cl AUE_CLOSE close(2)
113 omf na AUE_SYSTEMBOOT system booted
114 omf ad AUE_ASYNC_DAEMON_EXIT async_daemon(2) exited
115 omf ad AUE_NFSSVC_EXIT nfssvc(2) exited
128 omf no AUE_WRITEL writel(2)
129 omf no AUE_WRITEVL writevl(2)
130 omf ad AUE_GETAUID getauid(2)
131 omf ad AUE_SETAUID setauid(2)
132 omf ad AUE_GETAUDIT getaudit(2)
133 omf ad AUE_SETAUDIT setaudit(2)
134 omf ad AUE_GETUSERAUDIT getuseraudit(2)
135 omf ad AUE_SETUSERAUDIT setuseraudit(2)
136 omf ad AUE_AUDITSVC auditsvc(2)
137 omf ad AUE_AUDITUSER audituser(2)
138 omf ad AUE_AUDITON auditon(2)
139 omf ad AUE_AUDITON_GTERMID auditon(2) - GETTERMID command
140 omf ad AUE_AUDITON_STERMID auditon(2) - SETTERMID command
141 omf ad AUE_AUDITON_GPOLICY auditon(2) - GPOLICY command
142 omf ad AUE_AUDITON_SPOLICY auditon(2) - SPOLICY command
143 omf ad AUE_AUDITON_GESTATE auditon(2) - GESTATE command
144 omf ad AUE_AUDITON_SESTATE auditon(2) - SESTATE command
145 omf ad AUE_AUDITON_GQCTRL auditon(2) - GQCTRL command
146 omf ad AUE_AUDITON_SQCTRL auditon(2) - SQCTRL command
147 omf ad AUE_GETKERNSTATE getkernstate(2)
148 omf ad AUE_SETKERNSTATE setkernstate(2)
149 omf ad AUE_GETPORTAUDIT getportaudit(2)
150 omf ad AUE_AUDITSTAT auditstat(2)
151 omf cl AUE_REVOKE revoke(2)
152 omf no AUE_MAC Solaris AUE_MAC
153 omf ad AUE_ENTERPROM enter prom
154 omf ad AUE_EXITPROM exit prom
155 omf no AUE_IFLOAT Solaris AUE_IFLOAT
156 omf no AUE_PFLOAT Solaris AUE_PFLOAT
157 omf no AUE_UPRIV Solaris AUE_UPRIV
158 omf io AUE_IOCTL ioctl(2)
173 omf nt AUE_ONESIDE one-sided session record
174 omf ip AUE_MSGGETL msggetl(2)
175 omf ip AUE_MSGRCVL msgrcvl(2)
176 omf ip AUE_MSGSNDL msgsndl(2)
177 omf ip AUE_SEMGETL semgetl(2)
178 omf ip AUE_SHMGETL shmgetl(2)
183 omf nt AUE_SOCKET socket(2)
184 omf nt AUE_SENDTO sendto(2)
185 omf ip AUE_PIPE pipe(2)
186 omf nt AUE_SOCKETPAIR socketpair(2)
187 omf nt AUE_SEND send(2)
188 omf nt AUE_SENDMSG sendmsg(2)
189 omf nt AUE_RECV recv(2)
190 omf nt AUE_RECVMSG recvmsg(2)
191 omf nt AUE_RECVFROM recvfrom(2)
192 omf no AUE_READ read(2)
193 omf no AUE_GETDENTS getdents(2)
194 omf no AUE_LSEEK lseek(2)
195 omf no AUE_WRITE write(2)
196 omf no AUE_WRITEV writev(2)
197 omf ad AUE_NFS nfs server
198 omf no AUE_READV readv(2)
199 omf fa AUE_OSTAT Solaris old stat(2)
200 omf pc AUE_SETUID setuid(2)
201 omf ad AUE_STIME old stime(2)
202 omf fm AUE_UTIME old utime(2)
203 omf pc AUE_NICE old nice(2)
204 omf pc AUE_OSETPGRP Solaris old setpgrp(2)
205 omf pc AUE_SETGID setgid(2)
206 omf no AUE_READL readl(2)
207 omf no AUE_READVL readvl(2)
208 omf fa AUE_FSTAT fstat(2)
209 omf no AUE_DUP2 dup2(2)
210 omf no AUE_MMAP mmap(2)
211 omf ot AUE_AUDIT audit(2)
212 omf pc AUE_PRIOCNTLSYS Solaris priocntlsys(2)
213 omf cl AUE_MUNMAP munmap(2)
214 omf pc AUE_SETEGID setegid(2)
215 omf pc AUE_SETEUID seteuid(2)
216 omf nt AUE_PUTMSG putmsg(2)
217 omf nt AUE_GETMSG getmsg(2)
218 omf nt AUE_PUTPMSG putpmsg(2)
219 omf nt AUE_GETPMSG getpmsg(2)
220 omf no AUE_AUDITSYS audit system calls place holder
221 omf ad AUE_AUDITON_GETKMASK auditon(2) - get kernel mask
222 omf ad AUE_AUDITON_SETKMASK auditon(2) - set kernel mask
223 omf ad AUE_AUDITON_GETCWD auditon(2) - get cwd
224 omf ad AUE_AUDITON_GETCAR auditon(2) - get car
225 omf ad AUE_AUDITON_GETSTAT auditon(2) - get audit statistics
226 omf ad AUE_AUDITON_SETSTAT auditon(2) - reset audit statistics
227 omf ad AUE_AUDITON_SETUMASK auditon(2) - set mask per uid
228 omf ad AUE_AUDITON_SETSMASK auditon(2) - set mask per session ID
229 omf ad AUE_AUDITON_GETCOND auditon(2) - get audit state
230 omf ad AUE_AUDITON_SETCOND auditon(2) - set audit state
231 omf ad AUE_AUDITON_GETCLASS auditon(2) - get event class
232 omf ad AUE_AUDITON_SETCLASS auditon(2) - set event class
233 omf ad AUE_UTSSYS utssys(2) - fusers
233 m - AUE_FUSERS
234 omf fa AUE_STATVFS statvfs(2)
235 omf fa AUE_XSTAT xstat(2)
236 omf fa AUE_LXSTAT lxstat(2)
237 omf fm AUE_LCHOWN lchown(2)
238 omf ot AUE_MEMCNTL memcntl(2)
239 omf ad AUE_SYSINFO sysinfo(2)
240 omf fc AUE_XMKNOD xmknod(2)
241 omf pc AUE_FORK1 fork1(2)
242 omf no AUE_MODCTL modctl(2) system call place holder
243 omf ad AUE_MODLOAD modctl(2) - load module
244 omf ad AUE_MODUNLOAD modctl(2) - unload module
245 omf ad AUE_MODCONFIG modctl(2) - configure module
246 omf ad AUE_MODADDMAJ modctl(2) - bind module
247 omf nt AUE_SOCKACCEPT getmsg-accept
248 omf nt AUE_SOCKCONNECT putmsg-connect
249 omf nt AUE_SOCKSEND putmsg-send
250 omf nt AUE_SOCKRECEIVE getmsg-receive
251 omf fm AUE_ACLSET acl(2) - SETACL comand
252 omf fm AUE_FACLSET facl(2) - SETACL command
253 omf no AUE_DOORFS doorfs(2) - system call place holder
254 omf ip AUE_DOORFS_DOOR_CALL doorfs(2) - DOOR_CALL
255 omf ip AUE_DOORFS_DOOR_RETURN doorfs(2) - DOOR_RETURN
256 omf ip AUE_DOORFS_DOOR_CREATE doorfs(2) - DOOR_CREATE
257 omf ip AUE_DOORFS_DOOR_REVOKE doorfs(2) - DOOR_REVOKE
258 omf ip AUE_DOORFS_DOOR_INFO doorfs(2) - DOOR_INFO
259 omf ip AUE_DOORFS_DOOR_CRED doorfs(2) - DOOR_CRED
260 omf ip AUE_DOORFS_DOOR_BIND doorfs(2) - DOOR_BIND
261 omf ip AUE_DOORFS_DOOR_UNBIND doorfs(2) - DOOR_UNBIND
262 omf ad AUE_P_ONLINE p_online(2)
263 omf ad AUE_PROCESSOR_BIND processor_bind(2)
264 omf ad AUE_INST_SYNC inst_sync(2)
265 omf nt AUE_SOCKCONFIG configure socket
266 omf ad AUE_SETAUDIT_ADDR setaudit_addr(2)
267 omf ad AUE_GETAUDIT_ADDR getaudit_addr(2)
268 omf ad AUE_UMOUNT2 Solaris umount(2)
269 omf no AUE_FSAT fsat(2) - place holder
270 omf fr AUE_OPENAT_R openat(2) - read
271 omf fc,fr,fa,fm AUE_OPENAT_RC openat(2) - read,creat
272 omf fd,fr,fa,fm AUE_OPENAT_RT openat(2) - read,trunc
273 omf fc,fd,fr,fa,fm AUE_OPENAT_RTC openat(2) - read,creat,trunc
274 omf fw AUE_OPENAT_W openat(2) - write
275 omf fc,fw,fa,fm AUE_OPENAT_WC openat(2) - write,creat
276 omf fd,fw,fa,fm AUE_OPENAT_WT openat(2) - write,trunc
277 omf fc,fd,fw,fa,fm AUE_OPENAT_WTC openat(2) - write,creat,trunc
278 omf fr,fw AUE_OPENAT_RW openat(2) - read,write
279 omf fc,fw,fr,fa,fm AUE_OPENAT_RWC openat(2) - read,write,create
280 omf fd,fw,fr,fa,fm AUE_OPENAT_RWT openat(2) - read,write,trunc
281 omf fc,fd,fw,fr,fa,fm AUE_OPENAT_RWTC openat(2) - read,write,creat,trunc
282 omf fc,fd AUE_RENAMEAT renameat(2)
283 omf fa AUE_FSTATAT fstatat(2)
284 omf fm AUE_FCHOWNAT fchownat(2)
285 omf fm AUE_FUTIMESAT futimesat(2)
286 omf fd AUE_UNLINKAT unlinkat(2)
287 omf ad AUE_CLOCK_SETTIME clock_settime(2)
288 omf ad AUE_NTP_ADJTIME ntp_adjtime(2)
289 omf pc AUE_SETPPRIV setppriv(2)
290 omf ad AUE_MODDEVPLCY modctl(2) - configure device policy
291 omf ad AUE_MODADDPRIV modctl(2) - configure additional privilege
292 omf ad AUE_CRYPTOADM kernel cryptographic framework
293 omf ad AUE_CONFIGKSSL configure kernel SSL
294 omf ot AUE_BRANDSYS brandsys(2)
295 omf ad AUE_PF_POLICY_ADDRULE Add IPsec policy rule
296 omf ad AUE_PF_POLICY_DELRULE Delete IPsec policy rule
297 omf ad AUE_PF_POLICY_CLONE Clone IPsec policy
298 omf ad AUE_PF_POLICY_FLIP Flip IPsec policy
299 omf ad AUE_PF_POLICY_FLUSH Flush IPsec policy rules
300 omf ad AUE_PF_POLICY_ALGS Update IPsec algorithms
301 omf fa AUE_PORTFS portfs
301 omf fa AUE_DARWIN_GETFSSTAT getfsstat(2)
302 omf pc AUE_DARWIN_PTRACE ptrace(2)
303 omf fm AUE_DARWIN_CHFLAGS chflags(2)
304 omf fm AUE_DARWIN_FCHFLAGS fchflags(2)
305 omf pc AUE_DARWIN_PROFILE profil(2)
306 omf pc AUE_DARWIN_KTRACE ktrace(2)
307 omf pc AUE_DARWIN_SETLOGIN setlogin(2)
308 omf ad AUE_DARWIN_REBOOT reboot(2)
309 omf cl AUE_DARWIN_REVOKE revoke(2)
310 omf pc AUE_DARWIN_UMASK umask(2)
311 omf fm AUE_DARWIN_MPROTECT mprotect(2)
312 omf pc,ot AUE_DARWIN_SETPRIORITY setpriority(2)
313 omf ad AUE_DARWIN_SETTIMEOFDAY settimeofday(2)
314 omf fm AUE_DARWIN_FLOCK flock(2)
315 omf fc AUE_DARWIN_MKFIFO mkfifo(2)
316 omf no AUE_DARWIN_POLL poll(2)
317 omf nt AUE_DARWIN_SOCKETPAIR socketpair(2)
318 omf fm AUE_DARWIN_FUTIMES futimes(2)
319 omf pc AUE_DARWIN_SETSID setsid(2)
320 omf pc AUE_DARWIN_SETPRIVEXEC setprivexec(2)
321 omf ad AUE_DARWIN_NFSSVC nfssvc(2)
322 omf fa AUE_DARWIN_GETFH getfh(2)
323 omf ad AUE_DARWIN_QUOTACTL quotactl(2)
324 omf pc AUE_DARWIN_ADDPROFILE add_profil()
325 omf pc AUE_DARWIN_KDEBUGTRACE kdebug_trace()
326 omf fa AUE_DARWIN_FSTAT fstat(2)
327 omf fa AUE_DARWIN_FPATHCONF fpathconf(2)
328 omf no AUE_DARWIN_GETDIRENTRIES getdirentries(2)
329 omf fw AUE_DARWIN_TRUNCATE truncate(2)
330 omf fw AUE_DARWIN_FTRUNCATE ftruncate(2)
331 omf ad AUE_DARWIN_SYSCTL sysctl(3)
332 omf pc AUE_DARWIN_MLOCK mlock(2)
333 omf pc AUE_DARWIN_MUNLOCK munlock(2)
334 omf fm AUE_DARWIN_UNDELETE undelete(2)
335 omf fa AUE_DARWIN_GETATTRLIST getattrlist()
336 omf fm AUE_DARWIN_SETATTRLIST setattrlist()
337 omf fa AUE_DARWIN_GETDIRENTRIESATTR getdirentriesattr()
338 omf fw AUE_DARWIN_EXCHANGEDATA exchangedata()
339 omf fa AUE_DARWIN_SEARCHFS searchfs()
340 omf pc AUE_DARWIN_MINHERIT minherit(2)
341 omf ip AUE_DARWIN_SEMCONFIG semconfig()
342 omf ip AUE_DARWIN_SEMOPEN sem_open(2)
343 omf ip AUE_DARWIN_SEMCLOSE sem_close(2)
344 omf ip AUE_DARWIN_SEMUNLINK sem_unlink(2)
345 omf ip AUE_DARWIN_SHMOPEN shm_open(2)
346 omf ip AUE_DARWIN_SHMUNLINK shm_unlink(2)
347 omf fr AUE_DARWIN_LOADSHFILE load_shared_file()
348 omf ot AUE_DARWIN_RESETSHFILE reset_shared_file()
349 omf ot AUE_DARWIN_NEWSYSTEMSHREG new_system_share_regions()
350 omf pc AUE_DARWIN_PTHREADKILL pthread_kill(2)
351 omf pc AUE_DARWIN_PTHREADSIGMASK pthread_sigmask(2)
352 omf ad AUE_DARWIN_AUDITCTL auditctl(2)
353 omf pc AUE_DARWIN_RFORK rfork(2)
354 omf fm AUE_DARWIN_LCHMOD lchmod(2)
355 omf ad AUE_DARWIN_SWAPOFF swapoff(2)
356 omf pc AUE_DARWIN_INITPROCESS init_process()
357 omf fa AUE_DARWIN_MAPFD map_fd()
358 omf pc AUE_DARWIN_TASKFORPID task_for_pid()
359 omf pc AUE_DARWIN_PIDFORTASK pid_for_task()
360 omf ot AUE_DARWIN_SYSCTL_NONADMIN sysctl() - non-admin
361 omf fr,fw AUE_DARWIN_COPYFILE copyfile()
362 m - AUE_TRACKERACTION tracker action
6144 omf ad AUE_at_create at-create atjob
6145 omf ad AUE_at_delete at-delete atjob (at or atrm)
6146 omf no AUE_at_perm at-permission
6147 omf ad AUE_cron_invoke cron-invoke
6148 omf ad AUE_crontab_create crontab-crontab created
6149 omf ad AUE_crontab_delete crontab-crontab deleted
6150 omf no AUE_crontab_perm crontab-permission
6151 omf na AUE_inetd_connect inetd connection
6152 omf lo AUE_login login - local
6153 omf lo AUE_logout logout - local
6154 omf lo AUE_telnet login - telnet
6155 omf lo AUE_rlogin login - rlogin
6156 omf na AUE_mountd_mount mount
6157 omf na AUE_mountd_umount unmount
6158 omf lo AUE_rshd rsh access
6159 omf lo AUE_su su(1)
6160 omf ad AUE_halt system halt
6161 omf ad AUE_reboot system reboot
6162 omf lo AUE_rexecd rexecd
6163 omf lo AUE_passwd passwd
6164 omf lo AUE_rexd rexd
6165 omf lo AUE_ftpd ftp access
6166 omf lo AUE_init init
6167 omf no AUE_uadmin uadmin
6168 omf ad AUE_shutdown system shutdown
6168 omf ad AUE_poweroff system poweroff
6170 omf ad AUE_crontab_mod crontab-modify
6171 omf lo AUE_ftpd_logout ftp logout
6171 omf ad AUE_DARWIN_audit_startup audit startup
6172 omf lo AUE_ssh login - ssh
6172 omf ad AUE_DARWIN_audit_shutdown audit shutdown
6173 omf lo AUE_role_login role login
6180 omf ad AUE_prof_cmd  profile command
6181 omf ad AUE_filesystem_add add filesystem
6182 omf ad AUE_filesystem_delete delete filesystem
6183 omf ad AUE_filesystem_modify modify filesystem
6200 omf ot AUE_allocate_succ allocate-device success
6201 omf ot AUE_allocate_fail allocate-device failure
6202 omf ot AUE_deallocate_succ deallocate-device success
6203 omf ot AUE_deallocate_fail deallocate-device failure
6204 omf ot AUE_listdevice_succ allocate-list devices success
6205 omf ot AUE_listdevice_fail allocate-list devices failure
6207 omf ad AUE_create_user create user
6208 omf ad AUE_modify_user modify user
6209 omf ad AUE_delete_user delete user
6210 omf ad AUE_disable_user disable user
6211 omf ad AUE_enable_user enable users
6212 omf lo AUE_newgrp_login newgrp login
6213 omf lo AUE_admin_authenticate admin login
6214 omf ua AUE_kadmind_auth authenticated kadmind request
6215 omf ua AUE_kadmind_unauth unauthenticated kadmind req
6216 omf ap AUE_krb5kdc_as_req kdc authentication svc request
6217 omf ap AUE_krb5kdc_tgs_req kdc tkt-grant svc request
6218 omf ap AUE_krb5kdc_tgs_req_2ndtktmm kdc tgs 2ndtkt mismtch
6219 omf ap AUE_krb5kdc_tgs_req_alt_tgt kdc tgs issue alt tgt
6300 omf ad AUE_DARWIN_sudo sudo(1)
6501 omf ad AUE_DARWIN_modify_password modify password
6511 omf ad AUE_DARWIN_create_group create group
6512 omf ad AUE_DARWIN_delete_group delete group
6513 omf ad AUE_DARWIN_modify_group modify group
6514 omf ad AUE_DARWIN_add_to_group add to group
6515 omf ad AUE_DARWIN_remove_from_group remove from group
6521 omf fm AUE_DARWIN_revoke_obj revoke object priv
6600 omf lo AUE_DARWIN_lw_login loginwindow login
6601 omf lo AUE_DARWIN_lw_logout loginwindow logout
7000 omf aa AUE_DARWIN_auth_user user authentication
7001 omf aa AUE_DARWIN_ssconn SecSrvr connection setup
7002 omf aa AUE_DARWIN_ssauthorize SecSrvr AuthEngine
7003 omf aa AUE_DARWIN_ssauthint SecSrvr authinternal mech
32800 omf lo AUE_openssh OpenSSH login
43001 omf fa AUE_GETFSSTAT getfsstat(2)
43002 omf pc AUE_PTRACE ptrace(2)
43003 omf fm AUE_CHFLAGS chflags(2)
43004 omf fm AUE_FCHFLAGS fchflags(2)
43005 omf pc AUE_PROFILE profil(2)
43006 omf pc AUE_KTRACE ktrace(2)
43007 omf pc AUE_SETLOGIN setlogin(2)
43008 omf cl AUE_OPENBSM_REVOKE revoke(2)
43009 omf pc AUE_UMASK umask(2)
43010 omf fm AUE_MPROTECT mprotect(2)
43011 omf fc AUE_MKFIFO mkfifo(2)
43012 omf no AUE_POLL poll(2)
43013 omf fm AUE_FUTIMES futimes(2)
43014 omf pc AUE_SETSID setsid(2)
43015 omf pc AUE_SETPRIVEXEC setprivexec(2)
43016 omf pc AUE_ADDPROFILE add_profil()
43017 omf pc AUE_KDEBUGTRACE kdebug_trace()
43018 omf fa AUE_OPENBSM_FSTAT fstat(2)
43019 omf fa AUE_FPATHCONF fpathconf(2)
43020 omf no AUE_GETDIRENTRIES getdirentries(2)
43021 omf ot AUE_SYSCTL sysctl(3)
43022 omf pc AUE_MLOCK mlock(2)
43023 omf pc AUE_MUNLOCK munlock(2)
43024 omf fm AUE_UNDELETE undelete(2)
43025 omf fa AUE_GETATTRLIST getattrlist()
43026 omf fm AUE_SETATTRLIST setattrlist()
43027 omf fa AUE_GETDIRENTRIESATTR getdirentriesattr()
43028 omf fw AUE_EXCHANGEDATA exchangedata()
43029 omf fa AUE_SEARCHFS searchfs()
43030 omf pc AUE_MINHERIT minherit(2)
43031 omf ip AUE_SEMCONFIG semconfig()
43032 omf ip AUE_SEMOPEN sem_open(2)
43033 omf ip AUE_SEMCLOSE sem_close(2)
43034 omf ip AUE_SEMUNLINK sem_unlink(2)
43035 omf ip AUE_SHMOPEN shm_open(2)
43036 omf ip AUE_SHMUNLINK shm_unlink(2)
43037 omf fr AUE_LOADSHFILE load_shared_file()
43038 omf ot AUE_RESETSHFILE reset_shared_file()
43039 omf ot AUE_NEWSYSTEMSHREG new_system_share_regions()
43040 omf pc AUE_PTHREADKILL pthread_kill(2)
43041 omf pc AUE_PTHREADSIGMASK pthread_sigmask(2)
43042 omf ad AUE_AUDITCTL auditctl(2)
43043 omf pc AUE_RFORK rfork(2)
43044 omf fm AUE_LCHMOD lchmod(2)
43045 omf ad AUE_SWAPOFF swapoff(2)
43046 omf pc AUE_INITPROCESS init_process()
43047 omf fa AUE_MAPFD map_fd()
43048 omf pc AUE_TASKFORPID task_for_pid()
43049 omf pc AUE_PIDFORTASK pid_for_task()
43050 omf ot AUE_SYSCTL_NONADMIN sysctl() - non-admin
43051 omf fr,fw AUE_COPYFILE copyfile(2)
43052 omf fm AUE_LUTIMES lutimes(2)
43052 f - AUE_DBGPORTFORPID debug_control_port_for_pid()
43053 omf fm AUE_LCHFLAGS lchflags(2)
43054 omf nt AUE_SENDFILE sendfile(2)
43055 omf fa AUE_USELIB uselib(2)
43056 omf pc AUE_GETRESUID getresuid(2)
43057 omf pc AUE_SETRESUID setresuid(2)
43058 omf pc AUE_GETRESGID getresgid(2)
43059 omf pc AUE_SETRESGID setresgid(2)
43060 omf pc AUE_WAIT4 wait4(2)
43061 omf fa AUE_LGETFH lgetfh(2)
43062 omf fa AUE_FHSTATFS fhstatfs(2)
43063 omf fa AUE_FHOPEN fhopen(2)
43064 omf fa AUE_FHSTAT fhstat(2)
43065 omf pc AUE_JAIL jail(2)
43066 omf fa AUE_EACCESS eaccess(2)
43067 omf no AUE_KQUEUE kqueue(2)
43068 omf no AUE_KEVENT kevent(2)
43069 omf fm AUE_FSYNC fsync(2)
43070 omf ad AUE_NMOUNT nmount(2)
43071 omf ad AUE_BDFLUSH bdflush(2)
43072 omf ot AUE_SETFSUID setfsuid(2)
43073 omf ot AUE_SETFSGID setfsgid(2)
43074 omf pc AUE_PERSONALITY personality(2)
43075 omf ad AUE_SCHED_GETSCHEDULER getscheduler(2)
43076 omf ad AUE_SCHED_SETSCHEDULER setscheduler(2)
43077 omf pc AUE_PRCTL prctl(2)
43078 omf pc AUE_GETCWD getcwd(2)
43079 omf pc AUE_CAPGET capget(2)
43080 omf pc AUE_CAPSET capset(2)
43081 omf pc AUE_PIVOT_ROOT pivot_root(2)
43082 omf pc AUE_RTPRIO rtprio(2)
43083 omf ad AUE_SCHED_GETPARAM sched_getparam(2)
43084 omf ad AUE_SCHED_SETPARAM sched_setparam(2)
43085 omf ad AUE_SCHED_GET_PRIORITY_MAX sched_get_priority_max(2)
43086 omf ad AUE_SCHED_GET_PRIORITY_MIN sched_get_priority_min(2)
43087 omf ad AUE_SCHED_RR_GET_INTERVAL sched_rr_get_interval(2)
43088 omf fa AUE_ACL_GET_FILE acl_get_file(2)
43089 omf fm AUE_ACL_SET_FILE acl_set_file(2)
43090 omf fa AUE_ACL_GET_FD acl_get_fd(2)
43091 omf fm AUE_ACL_SET_FD acl_set_fd(2)
43092 omf fm AUE_ACL_DELETE_FILE acl_delete_file(2)
43093 omf fm AUE_ACL_DELETE_FD acl_delete_fd(2)
43094 omf fa AUE_ACL_CHECK_FILE acl_aclcheck_file(2)
43095 omf fa AUE_ACL_CHECK_FD acl_aclcheck_fd(2)
43096 omf fa AUE_ACL_GET_LINK acl_get_link(2)
43097 omf fm AUE_ACL_SET_LINK acl_set_link(2)
43098 omf fm AUE_ACL_DELETE_LINK acl_delete_link(2)
43099 omf fa AUE_ACL_CHECK_LINK acl_aclcheck_link(2)
43100 omf ot AUE_SYSARCH sysarch(2)
43101 omf fm AUE_EXTATTRCTL extattrctl(2)
43102 omf fa AUE_EXTATTR_GET_FILE extattr_get_file(2)
43103 omf fm AUE_EXTATTR_SET_FILE extattr_set_file(2)
43104 omf fa AUE_EXTATTR_LIST_FILE extattr_list_file(2)
43105 omf fm AUE_EXTATTR_DELETE_FILE extattr_delete_file(2)
43106 omf fa AUE_EXTATTR_GET_FD extattr_get_fd(2)
43107 omf fm AUE_EXTATTR_SET_FD extattr_set_fd(2)
43108 omf fa AUE_EXTATTR_LIST_FD extattr_list_fd(2)
43109 omf fm AUE_EXTATTR_DELETE_FD extattr_delete_fd(2)
43110 omf fa AUE_EXTATTR_GET_LINK extattr_get_link(2)
43111 omf fm AUE_EXTATTR_SET_LINK extattr_set_link(2)
43112 omf fa AUE_EXTATTR_LIST_LINK extattr_list_link(2)
43113 omf fm AUE_EXTATTR_DELETE_LINK extattr_delete_link(2)
43114 omf ad AUE_KENV kenv(8)
43115 omf ad AUE_JAIL_ATTACH jail_attach(2)
43116 omf ad AUE_SYSCTL_WRITE sysctl(3)
43117 omf ad AUE_IOPERM linux ioperm
43118 omf no AUE_READDIR readdir(3)
43119 omf ad AUE_IOPL linux iopl
43120 omf pc AUE_VM86 linux vm86
43121 omf pc AUE_MAC_GET_PROC mac_get_proc(2)
43122 omf pc AUE_MAC_SET_PROC mac_set_proc(2)
43123 omf fa AUE_MAC_GET_FD mac_get_fd(2)
43124 omf fa AUE_MAC_GET_FILE mac_get_file(2)
43125 omf fm AUE_MAC_SET_FD mac_set_fd(2)
43126 omf fm AUE_MAC_SET_FILE mac_set_file(2)
43127 omf ad AUE_MAC_SYSCALL mac_syscall(2)
43128 omf pc AUE_MAC_GET_PID mac_get_pid(2)
43129 omf fa AUE_MAC_GET_LINK mac_get_link(2)
43130 omf fm AUE_MAC_SET_LINK mac_set_link(2)
43131 omf ex,pc AUE_MAC_EXECVE mac_execve(2)
43132 omf fa AUE_GETPATH_FROMFD getpath_fromfd(2)
43133 omf fa AUE_GETPATH_FROMADDR getpath_fromaddr(2)
43134 omf ip AUE_MQ_OPEN mq_open(2)
43135 omf ip AUE_MQ_SETATTR mq_setattr(2)
43136 omf ip AUE_MQ_TIMEDRECEIVE mq_timedreceive(2)
43137 omf ip AUE_MQ_TIMEDSEND mq_timedsend(2)
43138 omf ip AUE_MQ_NOTIFY mq_notify(2)
43139 omf ip AUE_MQ_UNLINK mq_unlink(2)
43140 omf nt AUE_LISTEN listen(2)
43141 omf pc AUE_MLOCKALL mlockall(2)
43142 omf pc AUE_MUNLOCKALL munlockall(2)
43143 omf cl AUE_CLOSEFROM closefrom(2)
43144 omf pc,ex AUE_FEXECVE fexecve(2)
43145 omf fa AUE_FACCESSAT faccessat(2)
43146 omf fm AUE_FCHMODAT fchmodat(2)
43147 omf fc AUE_LINKAT linkat(2)
43148 omf fc AUE_MKDIRAT mkdirat(2)
43149 omf fc AUE_MKFIFOAT mkfifoat(2)
43150 omf fc AUE_MKNODAT mknodat(2)
43151 omf fr AUE_READLINKAT readlinkat(2)
43152 omf fc AUE_SYMLINKAT symlinkat(2)
43153 omf fa AUE_MAC_GETFSSTAT mac_getfsstat(2)
43154 omf fa AUE_MAC_GET_MOUNT mac_get_mount(2)
43155 omf pc AUE_MAC_GET_LCID mac_get_lcid(2)
43156 omf pc AUE_MAC_GET_LCTX mac_get_lctx(2)
43157 omf pc AUE_MAC_SET_LCTX mac_set_lctx(2)
43158 omf ad AUE_MAC_MOUNT mac_mount(2)
43159 omf pc AUE_GETLCID getlcid(2)
43160 omf pc AUE_SETLCID setlcid(2)
43161 omf pc AUE_TASKNAMEFORPID taskname_for_pid()
43162 omf fa AUE_ACCESS_EXTENDED access_extended(2)
43163 omf fm AUE_CHMOD_EXTENDED chmod_extended(2)
43164 omf fm AUE_FCHMOD_EXTENDED fchmod_extended(2)
43165 omf fa AUE_FSTAT_EXTENDED fstat_extended(2)
43166 omf fa AUE_LSTAT_EXTENDED lstat_extended(2)
43167 omf fc AUE_MKDIR_EXTENDED mkdir_extended(2)
43168 omf fc AUE_MKFIFO_EXTENDED mkfifo_extended(2)
43169 omf fa AUE_OPEN_EXTENDED open_extended(2) - attr only
43170 omf fr AUE_OPEN_EXTENDED_R open_extended(2) - read
43171 omf fc,fr,fa,fm AUE_OPEN_EXTENDED_RC open_extended(2) - read,creat
43172 omf fd,fr,fa,fm AUE_OPEN_EXTENDED_RT open_extended(2) - read,trunc
43173 omf fc,fd,fr,fa,fm AUE_OPEN_EXTENDED_RTC open_extended(2) - read,creat,trunc
43174 omf fw AUE_OPEN_EXTENDED_W open_extended(2) - write
43175 omf fc,fw,fa,fm AUE_OPEN_EXTENDED_WC open_extended(2) - write,creat
43176 omf fd,fw,fa,fm AUE_OPEN_EXTENDED_WT open_extended(2) - write,trunc
43177 omf fc,fd,fw,fa,fm AUE_OPEN_EXTENDED_WTC open_extended(2) - write,creat,trunc
43178 omf fr,fw AUE_OPEN_EXTENDED_RW open_extended(2) - read,write
43179 omf fc,fw,fr,fa,fm AUE_OPEN_EXTENDED_RWC open_extended(2) - read,write,creat
43180 omf fd,fr,fw,fa,fm AUE_OPEN_EXTENDED_RWT open_extended(2) - read,write,trunc
43181 omf fc,fd,fw,fr,fa,fm AUE_OPEN_EXTENDED_RWTC open_extended(2) - read,write,creat,trunc
43182 omf fa AUE_STAT_EXTENDED stat_extended(2)
43183 omf pc AUE_UMASK_EXTENDED umask_extended(2)
43184 omf fa AUE_OPENAT openat(2) - attr only
43185 omf ip AUE_POSIX_OPENPT posix_openpt(2)
43186 omf fm AUE_CAP_NEW cap_new(2)
43187 of fm AUE_CAP_RIGHTS_GET cap_rights_get(2)
43187 m fm AUE_CAP_GETRIGHTS cap_getrights(2)
43188 omf pc AUE_CAP_ENTER cap_enter(2)
43189 omf pc AUE_CAP_GETMODE cap_getmode(2)
43190 omf pc AUE_POSIX_SPAWN posix_spawn(2)
43191 omf ot AUE_FSGETPATH fsgetpath(2)
43192 omf no AUE_PREAD pread(2)
43193 omf no AUE_PWRITE pwrite(2)
43194 omf fm AUE_FSCTL fsctl()
43195 omf fm AUE_FFSCTL ffsctl()
43196 omf fa AUE_LPATHCONF lpathconf(2)
43197 omf pc AUE_PDFORK pdfork(2)
43198 omf pc AUE_PDKILL pdkill(2)
43199 omf pc AUE_PDGETPID pdgetpid(2)
43200 omf pc AUE_PDWAIT pdwait(2)
43201 of pc AUE_WAIT6 wait6(2)
43201 m - AUE_GETATTRLISTBULK getattrlistbulk(2)
43202 of fm AUE_CAP_RIGHTS_LIMIT cap_rights_limit(2)
43202 m - AUE_GETATTRLISTAT getattrlistat(2)
43203 of fm AUE_CAP_IOCTLS_LIMIT cap_ioctls_limit(2)
43203 m - AUE_OPENBYID openbyid_np(2) - attr only
43204 of fm AUE_CAP_IOCTLS_GET cap_ioctls_get(2)
43204 m - AUE_OPENBYID_R openbyid_np(2) - read
43205 of fm AUE_CAP_FCNTLS_LIMIT cap_fcntls_limit(2)
43205 m - AUE_OPENBYID_RT openbyid_np(2) - read,trunc
43206 of fm AUE_CAP_FCNTLS_GET cap_fcntls_get(2)
43206 m - AUE_OPENBYID_W openbyid_np(2) - write
43207 of nt AUE_BINDAT bindat(2)
43207 m - AUE_OPENBYID_WT openbyid_np(2) - write,trunc
43208 of nt AUE_CONNECTAT connectat(2)
43208 m - AUE_OPENBYID_RW openbyid_np(2) - read,write
43209 of fm AUE_CHFLAGSAT chflagsat(2)
43209 m - AUE_OPENBYID_RWT openbyid_np(2) - read,write,trunc
43210 of no AUE_PREADV preadv(2)
43210 m - AUE_CLONEFILEAT clonefileat(2)
43211 of no AUE_PWRITEV pwritev(2)
43211 m - AUE_FCLONEFILEAT fclonefileat(2)
43212 of no AUE_POSIX_FALLOCATE posix_fallocate(2)
43212 m - AUE_SETATTRLISTAT setattrlistat(2)
43213 of pc AUE_AIO_MLOCK aio_mlock(2)
43213 m - AUE_FMOUNT fmount(2)
43214 of pc AUE_PROCCTL procctl(2)
43214 m - AUE_FSGETPATH_EXTENDED fsgetpath_ext(2)
43215 of no AUE_AIO_READ aio_read(2)
43215 m - AUE_DBGPORTFORPID debug_control_port_for_pid()
43216 of no AUE_AIO_WRITE aio_write(2)
43216 m - AUE_PREADV preadv(2)
43217 of no AUE_AIO_RETURN aio_return(2)
43217 m - AUE_PWRITEV pwritev(2)
43218 of no AUE_AIO_SUSPEND aio_suspend(2)
43218 m - AUE_FREADLINK freadlink(2)
43219 of no AUE_AIO_CANCEL aio_cancel(2)
43220 of no AUE_AIO_ERROR aio_error(2)
43221 of no AUE_AIO_WAITCOMPLETE aio_waitcomplete(2)
43222 of no AUE_AIO_FSYNC aio_fsync(2)
43223 of pc AUE_THR_CREATE thr_create(2)
43224 of pc AUE_THR_NEW thr_new(2)
43225 of pc AUE_THR_EXIT thr_exit(2)
43226 of pc AUE_THR_KILL thr_kill(2)
43227 of pc AUE_THR_KILL2 thr_kill(2)
43228 of nt AUE_SETFIB setfib(2)
43229 of no AUE_LIO_LISTIO lio_listio(2)
43230 of pc AUE_SETUGID __setugid(2)
43231 of nt AUE_SCTP_PEELOFF sctp_peeloff(2)
43232 of nt AUE_SCTP_GENERIC_SENDMSG sctp_generic_sendmsg(2)
43233 of nt AUE_SCTP_GENERIC_RECVMSG sctp_generic_recvmsg(2)
43234 of pc AUE_JAIL_GET jail_get(2)
43235 of pc AUE_JAIL_SET jail_set(2)
43236 of pc AUE_JAIL_REMOVE jail_remove(2)
43237 of pc AUE_GETLOGINCLASS getloginclass(2)
43238 of pc AUE_SETLOGINCLASS setloginclass(2)
43239 of no AUE_POSIX_FADVISE posix_fadvise(2)
43240 of nt AUE_SCTP_GENERIC_SENDMSG_IOV sctp_generic_sendmsg_iov(2)
43241 of pc AUE_ABORT2 abort(2)
43242 of ip AUE_SEMTIMEDWAIT sem_timedwait(3)
43243 of ip AUE_SEMDESTROY sem_destroy(3)
43244 of ip AUE_SEMGETVALUE sem_getvalue(3)
43245 of ip AUE_SEMINIT sem_init(3)
43246 of ip AUE_SEMPOST sem_post(3)
43247 of ip AUE_SEMTRYWAIT sem_trywait(3)
43258 of ip AUE_SEMWAIT sem_wait(3)
43259 of ip AUE_FGETUUID fgetuuid(2)
43260 of ip AUE_GETUUID getuuid(2)
43261 of ip AUE_LGETUUID lgetuuid(2)
43262 of pc,ex AUE_EXECVEAT execveat(2)
43263 of ip AUE_SHMRENAME shm_rename(2)
43264 of fa AUE_REALPATHAT realpathat(2)
43265 of cl AUE_CLOSERANGE close_range(2)
43266 f - AUE_SPECIALFD
43267 f - AUE_AIO_WRITEV
43268 f - AUE_AIO_READV
43269 f - AUE_FSPACECTL
43270 f - AUE_TIMERFD
43271 f - AUE_SETCRED
43272 f - AUE_INOTIFY
43273 f - AUE_PDRFORK
44901 m - AUE_SESSION_START audit session start
44902 m - AUE_SESSION_UPDATE audit session update
44903 m - AUE_SESSION_END audit session end
44904 m - AUE_SESSION_CLOSE audit session close
45000 omf ad AUE_audit_startup audit startup
45001 omf ad AUE_audit_shutdown audit shutdown
45014 omf ad AUE_modify_password modify password
45015 omf ad AUE_create_group create group
45016 omf ad AUE_delete_group delete group
45017 omf ad AUE_modify_group modify group
45018 omf ad AUE_add_to_group add to group
45019 omf ad AUE_remove_from_group remove from group
45020 omf fm AUE_revoke_obj revoke object priv
45021 omf lo AUE_lw_login loginwindow login
45022 omf lo AUE_lw_logout loginwindow logout
45023 omf aa AUE_auth_user user authentication
45024 omf aa AUE_ssconn SecSrvr connection setup
45025 omf aa AUE_ssauthorize SecSrvr AuthEngine
45026 omf aa AUE_ssauthint SecSrvr authinternal mech
45027 omf ad AUE_calife Calife
45028 omf aa AUE_sudo sudo(1)
45029 omf ad AUE_audit_recovery audit crash recovery
45030 omf aa AUE_ssauthmech SecSrvr AuthMechanism
`
