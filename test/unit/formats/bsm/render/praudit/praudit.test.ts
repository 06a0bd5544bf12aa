/** What praudit leaves out or gets wrong, and what it has options for. */
import { describe, expect, it } from "vitest"
import { parseStringPromise } from "xml2js"
import { TOKEN_LAYOUTS } from "../../../../../../src/formats/bsm/layout.ts"
import { TOKEN_FORMS } from "../../../../../../src/formats/bsm/render/praudit/token-forms.ts"
import { EVERY_TOKEN, RAW_TOKENS } from "../../../../../bsm-writer/every-token.ts"
import { record } from "../../../../../bsm-writer/record.ts"
import * as tokens from "../../../../../bsm-writer/tokens.ts"
import { printTokens, printTrail } from "./print.ts"

const XML = { isXml: true }
const IDS = {
  auid: 501,
  euid: 0,
  egid: 20,
  ruid: 77,
  rgid: 0xffff_ffff,
  pid: 9,
  sid: 8,
  address: "192.0.2.9",
}

describe("tokens that praudit does not know", () => {
  const cdhash = "0x00112233445566778899aabbccddeeff01234567"

  it.each([
    [
      tokens.identity({ teamId: "TEAM000001", isTeamIdCut: true }),
      `identity,1,com.example.tool,complete,TEAM000001,truncated,${cdhash}`,
      `<identity signer-type="1" signing-id="com.example.tool" signing-id-truncated="no" team-id="TEAM000001" team-id-truncated="yes" cdhash="${cdhash}" />`,
    ],
    [
      tokens.identity({ type: 0, signingId: "", cdhash: "" }),
      "identity,0,,complete,,complete,",
      '<identity signer-type="0" signing-id="" signing-id-truncated="no" team-id="" team-id-truncated="no" cdhash="" />',
    ],
    [tokens.host("192.0.2.1"), "host,192.0.2.1", "<host>192.0.2.1</host>"],
    [
      tokens.cmd(["ls", "-l"], ["A=1"]),
      "cmd,argcnt,2,ls,-l,envcnt,1,A=1",
      "<cmd><arg>ls</arg><arg>-l</arg><env>A=1</env></cmd>",
    ],
    [tokens.liaison(5), "liaison,5", "<liaison>5</liaison>"],
    [tokens.xatom("WM_CLASS"), "xatom,WM_CLASS", "<xatom>WM_CLASS</xatom>"],
    [tokens.xatpath("a", "b"), "xatpath,a,b", "<xatpath><string>a</string><string>b</string></xatpath>"],
    [
      tokens.krb5Principal("alice@EXAMPLE.ORG"),
      "krb5_principal,alice@EXAMPLE.ORG",
      "<krb5_principal><string>alice@EXAMPLE.ORG</string></krb5_principal>",
    ],
    [tokens.certHash("aa"), "cert_hash,aa", "<cert_hash><string>aa</string></cert_hash>"],
    [
      tokens.attr({ mode: 0o100644, uid: 1, gid: 2, fsid: 3, dev: 5 }),
      "attribute,100644,1,2,3,1152921500312525701,5",
      '<attribute mode="100644" uid="1" gid="2" fsid="3" nodeid="1152921500312525701" device="5" />',
    ],
    [
      tokens.file64("/var/audit/b", 1_700_000_001, 5),
      "file,Tue Nov 14 22:13:21 2023, + 5 msec,/var/audit/b",
      '<file time="Tue Nov 14 22:13:21 2023" msec=" + 5 msec" >/var/audit/b</file>',
    ],
    [
      tokens.unknown(0xfe, Buffer.from("abcd")),
      "unknown,0x61626364",
      '<unknown token="0xfe">0x61626364</unknown>',
    ],
  ])("%s", (token, text, xml) => {
    const bytes = record(23, [token])
    expect(printTokens(bytes)).toEqual([text])
    expect(printTokens(bytes, XML)).toEqual([xml])
    const [, raw = ""] = printTrail(bytes, { form: "raw" }).toString().split("\n")
    expect(raw.slice(0, raw.indexOf(","))).toBe(String(token[0]))
  })

  it("are printed whole, as many as there are", () => {
    const many = Array.from({ length: 200 }, (_, at) => `a${at}`)
    expect(printTokens(record(23, [tokens.execArgs(many)]))).toEqual([`exec arg,${many.join(",")}`])
    const list = Array.from({ length: 40 }, (_, at) => at)
    expect(printTokens(record(23, [tokens.newgroups(list)]), XML)).toEqual([
      `<group>${list.map((id) => `<gid>${id}</gid>`).join("")}</group>`,
    ])
  })

  it("have a form for every layout", () => {
    expect(TOKEN_LAYOUTS.map(({ id }) => id).filter((id) => !TOKEN_FORMS.has(id))).toEqual([])
  })
})

describe("XML", () => {
  it.each([...EVERY_TOKEN, ...RAW_TOKENS].map(({ bytes, json }) => [json.token, bytes] as const))(
    "of %s parses",
    async (_, token) => {
      for (const form of ["default", "short", "raw"] as const) {
        const text = printTrail(record(23, [tokens.text("before"), token]), { isXml: true, form }).toString(
          "utf8",
        )
        const { audit } = (await parseStringPromise(text)) as { audit: { record: { $: object }[] } }
        expect(audit.record).toHaveLength(1)
        expect(Object.keys(audit.record[0] ?? {})).toHaveLength(token[0] === 0x28 ? 2 : 3)
      }
    },
  )

  it("gives hostile strings back", async () => {
    const hostile = `</text><text a="&'>\n]]>`
    const bytes = record(23, [tokens.path(hostile), tokens.arg32(1, 2, hostile), tokens.execArgs([hostile])])
    const parsed = await parseStringPromise(printTrail(bytes, XML).toString("utf8"))
    const [first] = parsed.audit.record
    expect(first.path[0]).toBe(hostile)
    expect(first.argument[0].$.desc).toBe(hostile)
    expect(first.exec_args[0].arg[0]).toBe(hostile)
  })

  it("closes a record without a trailer", async () => {
    const bytes = Buffer.concat([
      record(23, [tokens.text("one")], { hasTrailer: false }),
      record(23, [tokens.text("two")]),
    ])
    const parsed = await parseStringPromise(printTrail(bytes, XML).toString("utf8"))
    expect(parsed.audit.record.map(({ text }: { text: string[] }) => text[0])).toEqual(["one", "two"])
  })

  it("keeps headers and trailers within a record from closing it", async () => {
    const bytes = record(23, [tokens.text("a"), record(6152, []), tokens.text("b")])
    const parsed = await parseStringPromise(printTrail(bytes, XML).toString("utf8"))
    expect(parsed.audit.record).toHaveLength(1)
    expect(parsed.audit.record[0].text).toEqual(["a", "b"])
    expect(parsed.audit.record[0].unknown.map(({ $ }: { $: { token: string } }) => $.token)).toEqual([
      "0x14",
      "0x13",
    ])
  })

  it("without records is a document", async () => {
    await parseStringPromise(printTrail(Buffer.alloc(0), XML).toString("utf8"))
  })
})

describe("options", () => {
  const bytes = record(23, [tokens.subject(IDS), tokens.newgroups([20, 7]), tokens.returns32(13, 1)])
  const users = new Map([
    [501, "alice"],
    [0, "root"],
  ])
  const groups = new Map([[20, "staff"]])

  it("resolve ids from the host's own files", () => {
    expect(printTokens(bytes, { users, groups })).toEqual([
      "subject,alice,root,staff,77,-1,9,8,0,192.0.2.9",
      "group,staff,7",
      "return,failure : Permission denied,1",
    ])
    expect(printTokens(bytes, { users: new Map([[501, "a<b"]]), isXml: true })[0]).toMatch(
      /audit-uid="a&lt;b"/,
    )
  })

  it("resolve nothing in raw", () => {
    const lines = printTrail(bytes, { users, groups, form: "raw" }).toString().split("\n")
    expect(lines[1]).toBe("36,501,0,20,77,-1,9,8,0,192.0.2.9")
  })

  it("take any delimiter", () => {
    expect(printTokens(bytes, { delimiter: "::", isOneLine: true })).toEqual([])
    const line = printTrail(record(23, [], { msec: 5 }), { delimiter: "::", isOneLine: true }).toString()
    expect(line).toBe("header::25::11::execve(2)::0::Tue Nov 14 22:13:20 2023:: + 5 msec::trailer::25::\n")
  })

  it("spell out what would move a terminal", () => {
    const text = printTokens(record(23, [tokens.path("/tmp/\x1b[2J\nheader")]), { isTerminal: true })
    expect(text).toEqual(["path,/tmp/\\x1b[2J\\nheader"])
  })
})

describe("the system that wrote the trail", () => {
  const bytes = record(43_210, [tokens.sockinet128("2001:db8::1", 0xbb01)])

  it("decides on events and on the port that XNU swaps", () => {
    const short = { form: "short", isOneLine: true } as const
    expect(printTrail(bytes, short, "macos").toString()).toMatch(/AUE_CLONEFILEAT.*socket-inet6,26,443,/)
    expect(printTrail(bytes, short, "freebsd").toString()).toMatch(/AUE_PREADV.*socket-inet6,26,47873,/)
  })

  it("leaves both names where it is not known", () => {
    expect(printTrail(record(43_210, []), { form: "short" }).toString()).toMatch(
      /AUE_PREADV\|AUE_CLONEFILEAT/,
    )
  })

  it("gives events without a name by their number", () => {
    expect(printTrail(record(60_000, []), {}, "macos").toString()).toMatch(/^header,25,11,60000,0,/)
  })
})

describe("damage", () => {
  it("costs the bytes from the token on that is longer than its record", () => {
    const cut = tokens.path("/srv/demo/file")
    cut.writeUInt16BE(5000, 1)
    const bytes = record(23, [tokens.text("before"), cut, tokens.returns32()])
    expect(printTokens(bytes)).toEqual(["text,before", expect.stringMatching(/^unknown,0x13882f737276/)])
    expect(printTokens(bytes, XML)[1]).toMatch(/^<unknown token="0x23">0x13882f.*<\/unknown>$/)
    expect(printTrail(bytes).toString()).toMatch(/\ntrailer,\d+\n$/)
  })

  it("of a header's address type costs the address", () => {
    const bytes = record(23, [tokens.text("a")], { host: "192.0.2.1" })
    bytes.writeUInt32BE(7, 10)
    expect(printTrail(bytes).toString()).toMatch(/^header_ex,38,11,execve\(2\),0,invalid,/)
  })

  it("keeps the tokens behind arguments that are fewer than their count", () => {
    const bytes = record(23, [tokens.execArgs(["ls", "-l"], 99), tokens.path("/bin/ls"), tokens.returns32()])
    expect(printTokens(bytes)).toEqual(["exec arg,ls,-l", "path,/bin/ls", "return,success,0"])
  })
})
