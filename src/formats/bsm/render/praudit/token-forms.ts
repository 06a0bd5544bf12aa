/**
 * How praudit writes each token, as data: its name, its XML element, and its fields in the order of the bytes. Source:
 * praudit(1) of OpenBSM 1.2; identity as Apple's praudit prints it. Tokens that praudit shows as `unknown` or leaves
 * out of XML (attribute 0x31, identity, Solaris' own) have forms of ours.
 *
 *   argument,1,0x3,fd        <argument arg-num="1" value="0x3" desc="fd" />
 *
 * A field is `attribute:kind`. `:kind` is in text alone, `^attribute:kind` in XML alone, `=:kind` is the element's
 * content, `+:kind` goes on the attribute before it, `_:kind` after a blank. A kind alone prints nothing.
 */
import { TOKEN } from "../../layout.ts"

export type FieldKind =
  | "u8"
  | "u16"
  | "u32"
  | "u64"
  | "signed64"
  | "hex16"
  | "hex32"
  | "hex64"
  | "octal"
  | "byte"
  | "user"
  | "group"
  | "ip4"
  | "ip6"
  | "address"
  | "uuid"
  | "text"
  | "content"
  | "unixPath"
  | "length16"
  | "memory"
  | "event"
  | "second32"
  | "second64"
  | "millisecond32"
  | "millisecond64"
  | "status"
  | "exitStatus"
  | "ipcType"
  | "privilege"
  | "cut"
  | "port128"
  | "remoteEnd"
  | "items"
  | "args"
  | "envs"
  | "strings"
  | "groups"
  | "sixteenGroups"
  | "command"
  | "nothing"
  | "skip2"
  | "skip4"
  | "addressType16"
  | "addressType32"

export interface FormField {
  readonly kind: FieldKind
  /** "" in text alone. */
  readonly attribute: string
  readonly place: "attribute" | "content" | "joined" | "blank" | "silent"
  readonly inText: boolean
  readonly inXml: boolean
}

export interface TokenForm {
  readonly name: string
  /** `record` begins with a header and ends with a trailer. */
  readonly element: string
  readonly fields: readonly FormField[]
}

const IDS = "audit-uid:user uid:user gid:group ruid:user rgid:group pid:u32 sid:u32"
const HEADER = ":u32 version:u8 event:event modifier:u16"
const ATTRIBUTE = "mode:octal uid:user gid:group fsid:u32 nodeid:signed64"
const IP =
  "version:byte service_type:byte len:u16 id:u16 offset:u16 time_to_live:byte protocol:byte cksum:u16 src_addr:ip4 dest_addr:ip4"
const SOCKET_EX = "sock_dom:hex16 sock_type:hex16 addressType16 lport:hex16 laddr:address remoteEnd:remoteEnd"

/** By id. */
export const TOKEN_FORMS: ReadonlyMap<number, TokenForm> = new Map([
  form(TOKEN.file32, "file", "file", "time:second32 msec:millisecond32 =:content"),
  form(TOKEN.file64, "file", "file", "time:second64 msec:millisecond64 =:content"),
  form(TOKEN.trailer, "trailer", "/record", "skip2 :u32"),
  form(TOKEN.header32, "header", "record", `${HEADER} time:second32 msec:millisecond32`),
  form(
    TOKEN.header32Ex,
    "header_ex",
    "record",
    `${HEADER} addressType32 host:address time:second32 msec:millisecond32`,
  ),
  form(TOKEN.header64, "header", "record", `${HEADER} time:second64 msec:millisecond64`),
  form(
    TOKEN.header64Ex,
    "header_ex",
    "record",
    `${HEADER} addressType32 host:address time:second64 msec:millisecond64`,
  ),
  form(TOKEN.data, "arbitrary", "arbitrary", "=:items"),
  form(TOKEN.ipc, "IPC", "IPC", "ipc-type:ipcType ipc-id:u32"),
  form(TOKEN.path, "path", "path", "=:content"),
  form(TOKEN.subject32, "subject", "subject", `${IDS} tid:u32 _:ip4`),
  form(TOKEN.subject64, "subject", "subject", `${IDS} tid:u64 +:ip4`),
  form(TOKEN.subject32Ex, "subject_ex", "subject", `${IDS} tid:u32 addressType32 +:address`),
  form(TOKEN.subject64Ex, "subject_ex", "subject", `${IDS} tid:u64 addressType32 +:address`),
  form(TOKEN.process32, "process", "process", `${IDS} tid:u32 +:ip4`),
  form(TOKEN.process64, "process", "process", `${IDS} tid:u64 +:ip4`),
  form(TOKEN.process32Ex, "process_ex", "process", `${IDS} tid:u32 addressType32 +:address`),
  form(TOKEN.process64Ex, "process_ex", "process", `${IDS} tid:u64 addressType32 +:address`),
  form(TOKEN.return32, "return", "return", "errval:status retval:u32"),
  form(TOKEN.return64, "return", "return", "errval:status retval:signed64"),
  form(TOKEN.returnUuid, "ret_uuid", "ret_uuid", "ret_uuid-num:u8 uuid:uuid desc:text"),
  form(TOKEN.text, "text", "text", "=:content"),
  form(TOKEN.opaque, "opaque", "opaque", ":length16 =:memory"),
  form(TOKEN.inAddr, "ip addr", "ip_address", "=:ip4"),
  form(TOKEN.inAddrEx, "ip addr ex", "ip_address", "addressType32 =:address"),
  form(TOKEN.ip, "ip", "ip", IP),
  form(TOKEN.iport, "ip port", "ip_port", "=:hex16"),
  form(TOKEN.arg32, "argument", "argument", "arg-num:u8 value:hex32 desc:text"),
  form(TOKEN.arg64, "argument", "argument", "arg-num:u8 value:hex64 desc:text"),
  form(TOKEN.argUuid, "arg_uuid", "arg_uuid", "arg_uuid-num:u8 uuid:uuid desc:text"),
  form(TOKEN.socket, "socket", "socket", "sock_type:u16 lport:u16 laddr:ip4 fport:u16 faddr:ip4"),
  form(TOKEN.socketEx, "socket", "socket", SOCKET_EX),
  form(TOKEN.sockinet32, "socket-inet", "socket-inet", "type:u16 port:u16 addr:ip4"),
  form(TOKEN.sockinet128, "socket-inet6", "socket-inet6", "type:u16 port:port128 addr:ip6"),
  form(TOKEN.sockunix, "socket-unix", "socket-unix", "type:u16 ^port:nothing addr:unixPath"),
  form(TOKEN.seq, "sequence", "sequence", "seq-num:u32"),
  form(TOKEN.attr, "attribute", "attribute", `${ATTRIBUTE} device:u32`),
  form(TOKEN.attr32, "attribute", "attribute", `${ATTRIBUTE} device:u32`),
  form(TOKEN.attr64, "attribute", "attribute", `${ATTRIBUTE} device:u64`),
  form(
    TOKEN.ipcPerm,
    "IPC perm",
    "IPC_perm",
    "uid:user gid:group creator-uid:user creator-gid:group mode:octal seq:u32 key:u32",
  ),
  form(TOKEN.groups, "group", "group", "=:sixteenGroups"),
  form(TOKEN.newgroups, "group", "group", "=:groups"),
  form(TOKEN.privset, "privilege", "privilege", "type:text priv:text"),
  form(TOKEN.upriv, "use of privilege", "use_of_privilege", "status:privilege name:text"),
  form(TOKEN.liaison, "liaison", "liaison", "=:u32"),
  form(TOKEN.execArgs, "exec arg", "exec_args", "=:args"),
  form(TOKEN.execEnv, "exec env", "exec_env", "=:envs"),
  form(TOKEN.xatpath, "xatpath", "xatpath", "=:strings"),
  form(TOKEN.krb5Principal, "krb5_principal", "krb5_principal", "=:strings"),
  form(TOKEN.certHash, "cert_hash", "cert_hash", "=:strings"),
  form(TOKEN.xatom, "xatom", "xatom", "=:content"),
  form(TOKEN.cmd, "cmd", "cmd", "=:command"),
  form(TOKEN.exit, "exit", "exit", "errval:exitStatus retval:u32"),
  form(TOKEN.zonename, "zone", "zone", "name:text"),
  form(TOKEN.host, "host", "host", "=:ip4"),
  form(
    TOKEN.identity,
    "identity",
    "identity",
    "signer-type:u32 signing-id:text signing-id-truncated:cut team-id:text team-id-truncated:cut cdhash:memory",
  ),
])

function form(id: number, name: string, element: string, fields: string): [number, TokenForm] {
  return [id, { name, element, fields: fields.split(" ").map(field) }]
}

function field(text: string): FormField {
  const colon = text.indexOf(":")
  const kind = text.slice(colon + 1) as FieldKind
  if (colon < 0) return { kind, attribute: "", place: "silent", inText: true, inXml: true }
  const word = text.slice(0, colon)
  const isXmlOnly = word.startsWith("^")
  const attribute = isXmlOnly ? word.slice(1) : word
  const places = { "=": "content", "+": "joined", _: "blank" } as const
  const place = places[attribute as keyof typeof places] ?? "attribute"
  return { kind, attribute, place, inText: !isXmlOnly, inXml: attribute !== "" }
}
