/** Sysmon's processes: one starts and ends. */

import { type Fields, sysmonEvent } from "../events.ts"
import { evtxFile } from "../file.ts"
import { guid, hex64, uint32, unicode } from "../value.ts"
import { type EvtxCase, row } from "./case.ts"

const EXPLORER = "C:\\Windows\\explorer.exe"
const APP = "C:\\Demo\\app.exe"

const sysmonProcess = (image: string, pid: number): Fields => ({
  RuleName: unicode("-"),
  UtcTime: unicode("2026-03-04 05:06:01.500"),
  ProcessGuid: guid("{AABBCCDD-1122-3344-5500-000000000001}"),
  ProcessId: uint32(pid),
  Image: unicode(image),
})

export const SYSMON_CASES: readonly EvtxCase[] = [
  {
    folder: "windows-10/sysmon-process-lives",
    shows: "Sysmon 1 and 5: a process with its directory, hashes and parent, and its end.",
    how: "written by test/evtx-writer",
    file: evtxFile({
      minorVersion: 2,
      records: [
        sysmonEvent(
          1,
          { recordId: 7, second: 1.5, version: 5 },
          {
            ...sysmonProcess(APP, 4200),
            FileVersion: unicode("1.2.3"),
            Description: unicode("Demo application"),
            Product: unicode("Demo"),
            Company: unicode("Contoso"),
            OriginalFileName: unicode("app.exe"),
            CommandLine: unicode("app.exe --serve"),
            CurrentDirectory: unicode("C:\\Demo\\"),
            User: unicode("CONTOSO\\alice"),
            LogonGuid: guid("{AABBCCDD-1122-3344-5566-778899AABBCC}"),
            LogonId: hex64(0x1a2b3c),
            TerminalSessionId: uint32(2),
            IntegrityLevel: unicode("Medium"),
            Hashes: unicode(`SHA1=${"AB".repeat(20)},MD5=${"CD".repeat(16)}`),
            ParentProcessGuid: guid("{AABBCCDD-1122-3344-5500-000000000002}"),
            ParentProcessId: uint32(3328),
            ParentImage: unicode(EXPLORER),
            ParentCommandLine: unicode("C:\\Windows\\explorer.exe"),
            ParentUser: unicode("CONTOSO\\alice"),
          },
        ),
        sysmonEvent(
          5,
          { recordId: 8, second: 9, version: 3 },
          {
            ...sysmonProcess(APP, 4200),
            User: unicode("CONTOSO\\alice"),
          },
        ),
      ],
    }),
    records: 2,
    rows: [
      row("process_events", {
        pid: 4200,
        parent: 3328,
        path: APP,
        cwd: "C:\\Demo\\",
        parent_path: EXPLORER,
        username: "alice",
        domain: "CONTOSO",
        event_type: "exec",
      }),
      row("process_events", { pid: 4200, event_type: "exit", path: APP }),
    ],
  },
]
