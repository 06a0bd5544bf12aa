/** Socket types: number, name. Written by test/generate/bsm-tables.ts; do not edit. */
export const SOCKET_TYPE_LINES = `\
1 DGRAM
2 STREAM
4 RAW
5 RDM
6 SEQPACKET
500 UNKNOWN
`
