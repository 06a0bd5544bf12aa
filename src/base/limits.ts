/** Every hard limit of the readers, with its unit and its reason. docs/limits.md is generated from this file. */

export interface Limit {
  readonly value: number
  readonly unit: string
  readonly reason: string
}

export const LIMITS = {
  /** A line longer than this is rejected whole, so that a file without newlines costs no memory. */
  lineBytes: {
    value: 16 * 1024 * 1024,
    unit: "bytes",
    reason:
      "auditd cuts a record at 8,970 bytes; JSON wrappings of one exec with 2 MiB of arguments stay below 8 MiB",
  },
  openEvents: {
    value: 1000,
    unit: "events",
    reason: "interleaving on a busy host keeps a few dozen events open; more means records were lost",
  },
  eventRecords: {
    value: 4096,
    unit: "records",
    reason: "the largest exec the kernel allows gives about 300 EXECVE records",
  },
  eventBytes: {
    value: 32 * 1024 * 1024,
    unit: "bytes",
    reason: "2 MiB of arguments are 4 MiB of hex; beyond this an event is cut, and says so",
  },
  execveArguments: {
    value: 1_000_000,
    unit: "arguments",
    reason: "a 2 MiB argument block holds at most 1,048,576 empty arguments",
  },
  compressionRatio: {
    value: 1000,
    unit: "times",
    reason: "genuine logs compress up to 231:1; beyond 1000:1 it is a bomb",
  },
  ratioFloorBytes: {
    value: 64 * 1024 * 1024,
    unit: "bytes",
    reason: "small members may have any ratio without doing harm",
  },
  unpackedBytes: {
    value: 1024 * 1024 * 1024 * 1024,
    unit: "bytes",
    reason: "an absolute cap for one compressed source",
  },
  archiveMembers: {
    value: 250_000,
    unit: "members",
    reason: "an archive with more entries is no log folder; a listed member costs about 400 bytes of memory",
  },
  nestedArchives: {
    value: 3,
    unit: "levels",
    reason: "a .gz in a .tar in a .gz is the deepest nesting seen in triage folders",
  },
  netlinkFrameBytes: {
    value: 64 * 1024,
    unit: "bytes",
    reason: "the kernel's longest audit message is 8,970 bytes; more is a damaged length",
  },
  nestedZipBytes: {
    value: 64 * 1024 * 1024,
    unit: "bytes",
    reason: "a .zip inside another archive is read from its end, so it has to be held in memory",
  },
  tarPasses: {
    value: 16,
    unit: "passes",
    reason:
      "a compressed tar is streamed once more for each rotated file packed before an older one; auditd keeps 5",
  },
  jsonDepth: {
    value: 64,
    unit: "levels",
    reason: "log wrappers nest three levels deep",
  },
  messageNodes: {
    value: 1_000_000,
    unit: "values",
    reason:
      "a message of EndpointSecurity holds some hundred that are looked at; each costs 32 bytes of memory",
  },
  binXmlDepth: {
    value: 128,
    unit: "levels",
    reason: "elements of Windows events nest about ten deep, BinXML values in each other once",
  },
  binXmlSteps: {
    value: 100_000,
    unit: "steps",
    reason:
      "a record of 64 KiB holds at most 32,000 items of arrays; templates in templates could multiply without end",
  },
  windowsEventBytes: {
    value: 4 * 1024 * 1024,
    unit: "bytes",
    reason: "a record of 64 KiB is at most 200 KiB as text unless a template repeats a value",
  },
  recoveryBytes: {
    value: 64 * 1024 * 1024,
    unit: "bytes",
    reason:
      "chunks of an event log with old records in them are kept until all templates of the log are known",
  },
  windowsEventItems: {
    value: 1_000_000,
    unit: "items",
    reason: "elements, attributes and texts of one event; a record of 64 KiB gives at most 100,000",
  },
  xmlDepth: {
    value: 256,
    unit: "levels",
    reason: "UserData of a Windows event nests a dozen levels at most",
  },
  queryBytes: {
    value: 1024 * 1024 * 1024,
    unit: "bytes",
    reason:
      "rows are streamed, so a query needs memory for sorting only; a runaway one must not hurt the machine",
  },
  scheduledRowsBytes: {
    value: 64 * 1024 * 1024,
    unit: "bytes",
    reason:
      "the rows of a scheduled query are kept until its next run, to tell what has changed; queries over events alone are not",
  },
  openScriptBytes: {
    value: 64 * 1024 * 1024,
    unit: "bytes",
    reason:
      "parts of PowerShell script blocks that wait for the others; Windows cuts a script into parts of 20 KB, which follow each other",
  },
  openScripts: {
    value: 4096,
    unit: "script blocks",
    reason: "a host writes the parts of a block at once; more that are open have lost parts",
  },
  corpusInputBytes: {
    value: 4 * 1024 * 1024,
    unit: "bytes",
    reason: "a corpus case shows one thing; a case file this large could not be proofread",
  },
  corpusMetaBytes: {
    value: 64 * 1024,
    unit: "bytes",
    reason: "meta.yaml of a case is a dozen lines; its author is whoever sent the case",
  },
  corpusExpectedBytes: {
    value: 64 * 1024 * 1024,
    unit: "bytes",
    reason: "the rows of the largest input a case may have, sixteen times over",
  },
  corpusDepth: {
    value: 16,
    unit: "folders",
    reason: "a case lies three folders below the corpus",
  },
  bsmRecordBytes: {
    value: 1024 * 1024,
    unit: "bytes",
    reason: "a kernel writes 32,767 bytes at most; its queue can be told to take 1 MiB",
  },
  perfEvents: {
    value: 10_000,
    unit: "events",
    reason: "attributes of a recording; a kernel has about 2,000 tracepoints",
  },
  perfHeaderBytes: {
    value: 16 * 1024 * 1024,
    unit: "bytes",
    reason:
      "attributes and ids before the data of a recording; a thousand events on a hundred CPUs are 1 MiB",
  },
  perfRecordBytes: {
    value: 64 * 1024 * 1024,
    unit: "bytes",
    reason:
      "one record with the formats it carries, and one feature section; all formats of a kernel are 4 MiB",
  },
  perfWaitingBytes: {
    value: 64 * 1024 * 1024,
    unit: "bytes",
    reason:
      "records that wait for their turn in time, or for formats at the end of a stream; perf ends a round much sooner",
  },
} as const satisfies Record<string, Limit>
