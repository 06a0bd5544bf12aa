/**
 * The layout of every BSM token: what fields follow its id byte, and in which order. All integers are big-endian.
 *
 *   24 | 000001f5 000001f5 00000014 ...     subject32: auid euid egid ...
 *
 * Source: OpenBSM bsm_token.c and bsm_io.c, XNU audit_bsm_token.c (identity, krb5_principal, cert_hash), Solaris
 * audit.log(4) for the ids that only Solaris writes. An id that is missing here has no public layout.
 */

/**
 * `str16`: u16 length with the NUL, then the bytes. `blob16`: the same of bytes. `strings`: u32 count, then so many
 * bytes up to NUL. `texts16`: u16 count of str16. `ids16`: u16 count of u32. `ids`: 16 times u32. `addr`: 4 or 16
 * bytes, as the field of that token says whose name ends in `type`; `host`: the same, or none. `path108`: up to NUL, 108 bytes at most. `units`:
 * a kind, a size and a count of one byte each, then the items.
 */
export type FieldType =
  | "u8"
  | "u16"
  | "u32"
  | "u64"
  | "ip4"
  | "ip6"
  | "uuid"
  | "addr"
  | "host"
  | "str16"
  | "blob16"
  | "strings"
  | "texts16"
  | "ids16"
  | "ids"
  | "path108"
  | "units"

export interface TokenField {
  readonly name: string
  readonly type: FieldType
}

export interface TokenLayout {
  readonly id: number
  readonly name: string
  readonly fields: readonly TokenField[]
}

const IDS = "auid:u32 euid:u32 egid:u32 ruid:u32 rgid:u32 pid:u32 sid:u32"
const HEADER = "size:u32 version:u8 event:u16 modifier:u16"
const ATTRIBUTES = "mode:u32 uid:u32 gid:u32 fsid:u32 nodeid:u64"

/** By id; names end in the width where a token has several. */
export const TOKEN_LAYOUTS: readonly TokenLayout[] = [
  layout(0x11, "file32", "sec:u32 msec:u32 name:str16"),
  layout(0x13, "trailer", "magic:u16 count:u32"),
  layout(0x14, "header32", `${HEADER} sec:u32 msec:u32`),
  layout(0x15, "header32_ex", `${HEADER} addr_type:u32 host:host sec:u32 msec:u32`),
  layout(0x21, "data", "units:units"),
  layout(0x22, "ipc", "type:u8 id:u32"),
  layout(0x23, "path", "path:str16"),
  layout(0x24, "subject32", `${IDS} tid_port:u32 tid_addr:ip4`),
  layout(0x25, "xatpath", "strings:strings"),
  layout(0x26, "process32", `${IDS} tid_port:u32 tid_addr:ip4`),
  layout(0x27, "return32", "status:u8 value:u32"),
  layout(0x28, "text", "text:str16"),
  layout(0x29, "opaque", "hex:blob16"),
  layout(0x2a, "in_addr", "addr:ip4"),
  layout(0x2b, "ip", "vhl:u8 tos:u8 len:u16 id:u16 offset:u16 ttl:u8 proto:u8 cksum:u16 src:ip4 dst:ip4"),
  layout(0x2c, "iport", "port:u16"),
  layout(0x2d, "arg32", "num:u8 value:u32 text:str16"),
  layout(0x2e, "socket", "type:u16 lport:u16 laddr:ip4 rport:u16 raddr:ip4"),
  layout(0x2f, "seq", "seq:u32"),
  layout(0x31, "attr", `${ATTRIBUTES} dev:u32`),
  layout(0x32, "ipc_perm", "uid:u32 gid:u32 cuid:u32 cgid:u32 mode:u32 seq:u32 key:u32"),
  layout(0x34, "groups", "list:ids"),
  layout(0x38, "privset", "type:str16 privs:str16"),
  layout(0x39, "upriv", "success:u8 priv:str16"),
  layout(0x3a, "liaison", "value:u32"),
  layout(0x3b, "newgroups", "list:ids16"),
  layout(0x3c, "exec_args", "strings:strings"),
  layout(0x3d, "exec_env", "strings:strings"),
  layout(0x3e, "attr32", `${ATTRIBUTES} dev:u32`),
  layout(0x40, "xatom", "atom:str16"),
  layout(0x51, "cmd", "args:texts16 env:texts16"),
  layout(0x52, "exit", "status:u32 ret:u32"),
  layout(0x60, "zonename", "zone:str16"),
  layout(0x70, "host", "addr:ip4"),
  layout(0x71, "arg64", "num:u8 value:u64 text:str16"),
  layout(0x72, "return64", "status:u8 value:u64"),
  layout(0x73, "attr64", `${ATTRIBUTES} dev:u64`),
  layout(0x74, "header64", `${HEADER} sec:u64 msec:u64`),
  layout(0x75, "subject64", `${IDS} tid_port:u64 tid_addr:ip4`),
  layout(0x77, "process64", `${IDS} tid_port:u64 tid_addr:ip4`),
  layout(0x78, "file64", "sec:u64 msec:u64 name:str16"),
  layout(0x79, "header64_ex", `${HEADER} addr_type:u32 host:host sec:u64 msec:u64`),
  layout(0x7a, "subject32_ex", `${IDS} tid_port:u32 tid_type:u32 tid_addr:addr`),
  layout(0x7b, "process32_ex", `${IDS} tid_port:u32 tid_type:u32 tid_addr:addr`),
  layout(0x7c, "subject64_ex", `${IDS} tid_port:u64 tid_type:u32 tid_addr:addr`),
  layout(0x7d, "process64_ex", `${IDS} tid_port:u64 tid_type:u32 tid_addr:addr`),
  layout(0x7e, "in_addr_ex", "type:u32 addr:addr"),
  layout(0x7f, "socket_ex", "domain:u16 type:u16 addr_type:u16 lport:u16 laddr:addr rport:u16 raddr:addr"),
  layout(0x80, "sockinet32", "family:u16 port:u16 addr:ip4"),
  layout(0x81, "sockinet128", "family:u16 port:u16 addr:ip6"),
  layout(0x82, "sockunix", "family:u16 path:path108"),
  layout(0x84, "arg_uuid", "num:u8 uuid:uuid text:str16"),
  layout(0x85, "return_uuid", "num:u8 uuid:uuid text:str16"),
  layout(
    0xed,
    "identity",
    "signer_type:u32 signing_id:str16 signing_id_trunc:u8 team_id:str16 team_id_trunc:u8 cdhash:blob16",
  ),
  layout(0xee, "krb5_principal", "strings:strings"),
  layout(0xef, "cert_hash", "strings:strings"),
]

/** By id, `undefined` for an id without a public layout. */
export const LAYOUT_BY_ID: readonly (TokenLayout | undefined)[] = byId()

/** Ids that readers ask for by name. */
export const TOKEN = {
  file32: 0x11,
  trailer: 0x13,
  header32: 0x14,
  header32Ex: 0x15,
  data: 0x21,
  ipc: 0x22,
  path: 0x23,
  subject32: 0x24,
  xatpath: 0x25,
  process32: 0x26,
  return32: 0x27,
  text: 0x28,
  opaque: 0x29,
  inAddr: 0x2a,
  ip: 0x2b,
  iport: 0x2c,
  arg32: 0x2d,
  socket: 0x2e,
  seq: 0x2f,
  attr: 0x31,
  ipcPerm: 0x32,
  groups: 0x34,
  privset: 0x38,
  upriv: 0x39,
  liaison: 0x3a,
  newgroups: 0x3b,
  execArgs: 0x3c,
  execEnv: 0x3d,
  attr32: 0x3e,
  xatom: 0x40,
  cmd: 0x51,
  exit: 0x52,
  zonename: 0x60,
  host: 0x70,
  arg64: 0x71,
  return64: 0x72,
  attr64: 0x73,
  header64: 0x74,
  subject64: 0x75,
  process64: 0x77,
  file64: 0x78,
  header64Ex: 0x79,
  subject32Ex: 0x7a,
  process32Ex: 0x7b,
  subject64Ex: 0x7c,
  process64Ex: 0x7d,
  inAddrEx: 0x7e,
  socketEx: 0x7f,
  sockinet32: 0x80,
  sockinet128: 0x81,
  sockunix: 0x82,
  argUuid: 0x84,
  returnUuid: 0x85,
  identity: 0xed,
  krb5Principal: 0xee,
  certHash: 0xef,
} as const

function layout(id: number, name: string, fields: string): TokenLayout {
  return { id, name, fields: fields.split(" ").map(field) }
}

function field(text: string): TokenField {
  const colon = text.indexOf(":")
  return { name: text.slice(0, colon), type: text.slice(colon + 1) as FieldType }
}

function byId(): (TokenLayout | undefined)[] {
  const found: (TokenLayout | undefined)[] = Array.from({ length: 256 }, () => undefined)
  for (const layout of TOKEN_LAYOUTS) found[layout.id] = layout
  return found
}
