/** Process creation and end, in every version of the Security events that Windows has had. */

import { type Fields, securityEvent } from "../events.ts"
import { evtxFile } from "../file.ts"
import { hex32, hex64, sid, unicode } from "../value.ts"
import { type EvtxCase, row } from "./case.ts"

const CREATED = 13_312
const ENDED = 13_313
const ALICE = "S-1-5-21-1111-2222-3333-1001"

const subject = (logonId: number): Fields => ({
  SubjectUserSid: sid(ALICE),
  SubjectUserName: unicode("alice"),
  SubjectDomainName: unicode("CONTOSO"),
  SubjectLogonId: hex64(logonId),
})

const created = (pid: number, path: string, parent: number): Fields => ({
  NewProcessId: hex64(pid),
  NewProcessName: unicode(path),
  TokenElevationType: unicode("%%1937"),
  ProcessId: hex64(parent),
})

const target = (name: string, logonId: number): Fields => ({
  TargetUserSid: sid(name === "-" ? "S-1-0-0" : "S-1-5-21-1111-2222-3333-1002"),
  TargetUserName: unicode(name),
  TargetDomainName: unicode(name === "-" ? "-" : "CONTOSO"),
  TargetLogonId: hex64(logonId),
})

const origin = (parentPath: string, label: string): Fields => ({
  ParentProcessName: unicode(parentPath),
  MandatoryLabel: sid(label),
})

const ended = (pid: number, path: string, status: number): Fields => ({
  Status: hex32(status),
  ProcessId: hex64(pid),
  ProcessName: unicode(path),
})

const NOTEPAD = "C:\\Windows\\System32\\notepad.exe"
const EXPLORER = "C:\\Windows\\explorer.exe"
const APP = "C:\\Demo\\app.exe"

export const PROCESS_CASES: readonly EvtxCase[] = [
  {
    folder: "windows-2008/process-created-v0",
    shows: "4688 of Windows Vista to 2012, version 0: no command line, ProcessId is the creator's.",
    how: "written by test/evtx-writer after the documented template",
    file: evtxFile({
      records: [
        securityEvent(
          4688,
          CREATED,
          { recordId: 11, second: 1.25 },
          {
            ...subject(0x3e7),
            ...created(0x664, NOTEPAD, 0x4d0),
          },
        ),
      ],
    }),
    records: 1,
    rows: [
      row("windows_events", { eventid: 4688, computer_name: "web-1.contoso.example", source: "Security" }),
      row("process_events", { pid: 0x664, parent: 0x4d0, path: NOTEPAD, cmdline: "", time: 1_772_600_761 }),
    ],
  },
  {
    folder: "windows-2012-r2/process-created-v1",
    shows: "4688 version 1, with a command line; of a 32-bit host, whose process ids are 32 bits wide.",
    how: "written by test/evtx-writer",
    file: evtxFile({
      records: [
        securityEvent(
          4688,
          CREATED,
          { recordId: 12, second: 2, version: 1 },
          {
            ...subject(0x1a2b3c),
            NewProcessId: hex32(0xfa0),
            NewProcessName: unicode(APP),
            TokenElevationType: unicode("%%1938"),
            ProcessId: hex32(0x4d0),
            CommandLine: unicode('"C:\\Demo\\app.exe" --name "two words" äöü'),
          },
        ),
        securityEvent(
          4688,
          CREATED,
          { recordId: 13, second: 3, version: 1 },
          {
            ...subject(0x1a2b3c),
            ...created(0xfa4, APP, 0xfa0),
            CommandLine: unicode(""),
          },
        ),
      ],
    }),
    records: 2,
    rows: [
      row("process_events", {
        pid: 4000,
        parent: 1232,
        path: APP,
        cmdline: '"C:\\Demo\\app.exe" --name "two words" äöü',
        username: "alice",
        domain: "CONTOSO",
      }),
      row("process_events", { pid: 4004, parent: 4000, path: APP, cmdline: "" }),
    ],
  },
  {
    folder: "windows-2012-r2/process-created-v2-short",
    shows: "4688 version 2 as Windows 2012 R2 writes it: target fields, but neither parent's name nor label.",
    how: "written by test/evtx-writer",
    file: evtxFile({
      records: [
        securityEvent(
          4688,
          CREATED,
          { recordId: 20, second: 4, version: 2 },
          {
            ...subject(0x1a2b3c),
            ...created(0x1068, APP, 0xfa0),
            CommandLine: unicode("app /x"),
            ...target("-", 0),
          },
        ),
      ],
    }),
    records: 1,
    rows: [row("process_events", { pid: 0x1068, parent: 0xfa0, path: APP, cmdline: "app /x" })],
  },
  {
    folder: "windows-10/process-lives",
    shows: "4688 version 2 in full and 4689: a process is started, starts another as bob, and both end.",
    how: "written by test/evtx-writer",
    file: evtxFile({
      minorVersion: 2,
      records: [
        securityEvent(
          4688,
          CREATED,
          { recordId: 100, second: 5, version: 2 },
          {
            ...subject(0x1a2b3c),
            ...created(0x1068, APP, 0xd00),
            CommandLine: unicode("app.exe --serve"),
            ...target("-", 0),
            ...origin(EXPLORER, "S-1-16-8192"),
          },
        ),
        securityEvent(
          4688,
          CREATED,
          { recordId: 101, second: 6, version: 2 },
          {
            ...subject(0x1a2b3c),
            ...created(0x106c, NOTEPAD, 0x1068),
            CommandLine: unicode('notepad.exe "C:\\Demo\\a & b <c>.txt"'),
            ...target("bob", 0x5d5d5d),
            ...origin(APP, "S-1-16-12288"),
          },
        ),
        securityEvent(
          4689,
          ENDED,
          { recordId: 102, second: 7.0000001 },
          {
            ...subject(0x1a2b3c),
            ...ended(0x106c, NOTEPAD, 0),
          },
        ),
        securityEvent(
          4689,
          ENDED,
          { recordId: 103, second: 8 },
          {
            ...subject(0x1a2b3c),
            ...ended(0x1068, APP, 0xc0000005),
          },
        ),
      ],
    }),
    records: 4,
    rows: [
      row("process_events", {
        pid: 0x1068,
        parent: 0xd00,
        path: APP,
        cmdline: "app.exe --serve",
        parent_path: EXPLORER,
        event_type: "exec",
        record_id: 100,
      }),
      row("process_events", {
        pid: 0x106c,
        parent: 0x1068,
        parent_path: APP,
        username: "bob",
        cmdline: 'notepad.exe "C:\\Demo\\a & b <c>.txt"',
      }),
      row("process_events", { pid: 0x106c, event_type: "exit", path: NOTEPAD, exit_code: 0 }),
      row("process_events", { pid: 0x1068, event_type: "exit", path: APP }),
    ],
  },
]
