/** Event classes: mask, name, description. Written by test/generate/bsm-tables.ts; do not edit. */
export const CLASS_LINES = `\
0 no invalid class
1 fr file read
2 fw file write
4 fa file attribute access
8 fm file attribute modify
16 fc file create
32 fd file delete
64 cl file close
128 pc process
256 nt network
512 ip ipc
1024 na non attributable
2048 ad administrative
4096 lo login_logout
8192 aa authentication and authorization
16384 ap application
536870912 io ioctl
1073741824 ex exec
2147483648 ot miscellaneous
4294967295 all all flags set
`
