/** Every exit code of the command line, after sysexits(3) where it has one. docs/exit-codes.md is generated from this file. */

export interface ExitCode {
  readonly code: number
  /** When it is given, in one sentence. */
  readonly description: string
}

export const EXIT_CODES = {
  done: { code: 0, description: "Done, and complete." },
  nothingFound: { code: 1, description: "Done, but nothing was found: a query gave no rows." },
  failed: { code: 2, description: "Failed: the work could not be done, or was stopped by a limit." },
  problemsRecorded: { code: 3, description: "Done, but problems were recorded: see the table _problems." },
  recordsLost: { code: 4, description: "A live capture lost records: see the table _gaps." },
  usage: {
    code: 64,
    description: "The command line, or the SQL in it, was not understood or is not allowed.",
  },
  unrecognised: { code: 65, description: "The input is not in a format that can be read." },
  missingInput: { code: 66, description: "An input does not exist." },
  internal: { code: 70, description: "A bug of retrail: please report it." },
  cannotCreate: { code: 73, description: "The output cannot be created." },
  io: { code: 74, description: "Reading or writing failed, or the disk is full." },
  permission: { code: 77, description: "Permission denied." },
  interrupted: { code: 130, description: "Interrupted (Ctrl+C); the state was saved." },
  terminated: { code: 143, description: "Terminated; the state was saved." },
} as const satisfies Record<string, ExitCode>
