/** Every problem code and every kind of gap, with what to do about it. docs/problem-codes.md is generated from this file. */
import type { Severity } from "./problem.ts"

export interface ProblemCode {
  readonly severities: readonly Severity[]
  /** What it means, one sentence. */
  readonly meaning: string
  /** What the reader of the row can do, one sentence. */
  readonly advice: string
}

const COPY_AGAIN = "Copy the file again from the host, if it is still there."
const NOTHING = "Nothing: it is recorded so that nothing is left out in silence."
const LOOK = "Look at the bytes with the offset and length of the row; the raw field is kept in found."
const AUTHOR = "Damage in transit, or an author who wants it unread: compare with another copy of the log."

export const PROBLEM_CODES: Readonly<Record<string, ProblemCode>> = {
  "bsm/bad-trailer": {
    severities: ["warning"],
    meaning: "A record has no trailer, or one with another count than its size; the record was kept.",
    advice: "Compare with another copy of the trail: no system writes such a record.",
  },
  "bsm/cut-record": {
    severities: ["warning"],
    meaning: "The trail ends within a record, which was left out.",
    advice: "Usual in a trail that is still written; its next reading goes on there. Else copy it again.",
  },
  "bsm/damaged-record": {
    severities: ["warning"],
    meaning: "A token does not fit into its record; the tokens before it were kept, the rest as raw bytes.",
    advice: AUTHOR,
  },
  "bsm/fewer-strings": {
    severities: ["warning"],
    meaning: "An exec token counts more strings than it holds; those that are there were kept.",
    advice: "macOS cuts long argument lists and still writes the whole count; elsewhere it is damage.",
  },
  "bsm/short-size": {
    severities: ["warning"],
    meaning: "Records lack their last bytes, because macOS counts them without the host address it adds.",
    advice: "Remove `host:` from audit_control: the bytes that are missing were never written.",
  },
  "bsm/skipped-bytes": {
    severities: ["error"],
    meaning: "Bytes of a trail begin no record, and were passed over up to the next one.",
    advice: AUTHOR,
  },
  "bsm/unknown-token": {
    severities: ["info"],
    meaning: "A token has an id without a public layout; it and what follows it in its record are kept raw.",
    advice: "Nothing is lost: convert --records gives the bytes. Told once a trail for each id.",
  },
  "endpoint-security/bad-escape": {
    severities: ["warning"],
    meaning: "A text of a message holds bytes that JSON wants escaped; the message was read all the same.",
    advice: "Usual for tools that put their JSON together by hand; a backslash may have been two or none.",
  },
  "endpoint-security/bad-json": {
    severities: ["error"],
    meaning: "Bytes between messages are no JSON, or an object is cut off or damaged; they gave nothing.",
    advice: AUTHOR,
  },
  "endpoint-security/bad-number": {
    severities: ["warning"],
    meaning: "A member of a message that holds a whole number holds none; its column is NULL.",
    advice: LOOK,
  },
  "endpoint-security/bad-time": {
    severities: ["warning"],
    meaning: "The time of a message is none; its rows have no time.",
    advice: LOOK,
  },
  "endpoint-security/cut-message": {
    severities: ["error"],
    meaning: "A message inside an entry of the unified log is cut short, or is no JSON.",
    advice: "The log keeps 32 KiB of a text; write eslogger's output to a file instead of --oslog.",
  },
  "endpoint-security/event-type": {
    severities: ["warning"],
    meaning: "The name of an event and its number disagree; the name counts.",
    advice:
      "eslogger writes both alike: the message was changed, or is of a system that is newer than retrail.",
  },
  "endpoint-security/not-a-message": {
    severities: ["error"],
    meaning: "A JSON object is no message of a known shape.",
    advice: "docs/endpoint-security.md lists the tools whose output is read.",
  },
  "endpoint-security/record-too-long": {
    severities: ["error"],
    meaning: "An object is longer than any message; it was passed over.",
    advice: NOTHING,
  },
  "evtx/bad-chunk": {
    severities: ["warning"],
    meaning: "Bytes stand where a chunk of an event log should begin, and are none.",
    advice:
      "A log that was not closed has pages that were never written; --recover looks for records in them.",
  },
  "evtx/bad-record": {
    severities: ["error"],
    meaning: "The BinXML of a record cannot be read; the message says why.",
    advice: "Look at the bytes with the offset and length of the row; records around it are kept.",
  },
  "evtx/behind-damage": {
    severities: ["warning"],
    meaning:
      "Whole records stand in a chunk behind bytes that are damaged; they were not taken for live ones.",
    advice: "Read the log with --recover: they are marked as torn.",
  },
  "evtx/chunk-checksum": {
    severities: ["warning"],
    meaning: "The records of a chunk do not fit the checksum in its header; they were read all the same.",
    advice:
      "Usual in the last chunk of a log that was not closed; elsewhere it is damage, or an edit by hand.",
  },
  "evtx/chunk-header": {
    severities: ["warning"],
    meaning: "The header of a chunk is damaged or old; its records were read all the same.",
    advice: "Compare with another copy of the log: Windows leaves no wrong checksum in the middle of one.",
  },
  "evtx/cut-chunk": {
    severities: ["warning"],
    meaning:
      "A chunk ends before its 64 KiB, at the file's end or where bytes are missing; the rest was read.",
    advice: COPY_AGAIN,
  },
  "evtx/damaged-name": {
    severities: ["warning"],
    meaning:
      "The name of an element or field does not fit its hash, so it may not be the one that was written.",
    advice: "Compare the fields with other events of the same id.",
  },
  "evtx/damaged-record": {
    severities: ["warning"],
    meaning: "A part of an event could not be read and was left out; the rest was kept.",
    advice: "Look at the bytes with the offset and length of the row.",
  },
  "evtx/file-header": {
    severities: ["warning"],
    meaning: "The header of an event log is damaged or missing; its chunks were read all the same.",
    advice: COPY_AGAIN,
  },
  "evtx/not-recovered": {
    severities: ["info"],
    meaning: "Old records lie in free space, but their templates are overwritten.",
    advice: "Read them together with other logs of the same host, which may hold the templates.",
  },
  "evtx/skipped-bytes": {
    severities: ["error"],
    meaning: "Bytes between the records of a chunk are none, and were passed over.",
    advice: "Damage, or an edit by hand: look at the bytes with the offset and length of the row.",
  },
  "evtx/template-missing": {
    severities: ["error", "warning"],
    meaning:
      "The template of a record is damaged; it was read by the same one of another chunk, or not at all.",
    advice: "Read the log together with other logs of the same host, which may hold the template.",
  },
  "evtx/torn-record": {
    severities: ["error"],
    meaning: "A record was not written whole: its sizes before and behind differ.",
    advice: "Usual where a host lost power; elsewhere compare with another copy of the log.",
  },
  "linux-audit/bad-frame": {
    severities: ["error"],
    meaning: "Bytes of a netlink recording begin no message, and were passed over up to the next one.",
    advice: "The recording is cut or damaged there; records around it are kept.",
  },
  "linux-audit/bad-header": {
    severities: ["error"],
    meaning: "A line or message that should be an audit record has no readable type, time or serial.",
    advice: AUTHOR,
  },
  "linux-audit/bad-hex": {
    severities: ["warning"],
    meaning: "An encoded value is no whole number of hexadecimal bytes; its raw text was kept.",
    advice: LOOK,
  },
  "linux-audit/bad-json": {
    severities: ["error"],
    meaning: "Text that begins like a JSON object is none, and was passed over.",
    advice: "The log was cut, or two writers shared the file; objects around it are kept.",
  },
  "linux-audit/bad-number": {
    severities: ["warning"],
    meaning: "A field that holds a number by its name holds none; its raw text was kept.",
    advice: LOOK,
  },
  "linux-audit/bad-object": {
    severities: ["error", "warning"],
    meaning: "A JSON object of laurel or go-audit lacks what an event or record needs.",
    advice: "Compare the version of the writer; the event is in the source at the offset given.",
  },
  "linux-audit/bad-sockaddr": {
    severities: ["warning"],
    meaning: "The socket address of a SOCKADDR record is too short or no address; the row has none.",
    advice: LOOK,
  },
  "linux-audit/duplicate-record": {
    severities: ["warning"],
    meaning: "The SYSCALL record of an event is there twice, byte for byte; one was used.",
    advice: "The log was joined from overlapping copies, or written by two daemons; nothing is lost.",
  },
  "linux-audit/event-too-large": {
    severities: ["warning"],
    meaning: "An event has more records or bytes than the kernel can produce, and was cut.",
    advice: "See docs/limits.md; forged records with one serial look like this.",
  },
  "linux-audit/execve-arguments": {
    severities: ["warning"],
    meaning: "The arguments of an EXECVE record are incomplete or contradict argc or their lengths.",
    advice: "Trust the arguments that are there, and read PROCTITLE of the same event beside them.",
  },
  "linux-audit/incomplete-event": {
    severities: ["warning"],
    meaning: "A record without which an event makes no row, or an incomplete one, is not there.",
    advice:
      "It was lost, excluded by a rule, or lies in a file that is missing; PROCTITLE may tell the command.",
  },
  "linux-audit/interpreted": {
    severities: ["error"],
    meaning: "The line was written by ausearch -i: its names and local times cannot be turned back.",
    advice: "Ask for the log itself, or for ausearch --raw.",
  },
  "linux-audit/journal-bad-entry": {
    severities: ["error"],
    meaning: "An audit entry of the journal names no record type.",
    advice: "Export again with all fields: journalctl -o export _TRANSPORT=audit.",
  },
  "linux-audit/journal-damaged": {
    severities: ["error"],
    meaning: "An entry of a journal export is cut, or its lengths lie; it was passed over.",
    advice: COPY_AGAIN,
  },
  "linux-audit/journal-null-message": {
    severities: ["error", "warning"],
    meaning:
      "The exporter left out a message as too long; the record was rebuilt from other fields, or lost.",
    advice: "Export again with journalctl --all, which leaves nothing out.",
  },
  "linux-audit/late-record": {
    severities: ["warning"],
    meaning: "A record came after its event had ended, and was kept as an event of its own.",
    advice: "Lines that were doubled or moved look like this; the serial tells where it belongs.",
  },
  "linux-audit/laurel-arguments-cut": {
    severities: ["warning"],
    meaning: "laurel left arguments out of an EXECVE record, as its configuration says.",
    advice: "The full arguments are only in the audit log of the host.",
  },
  "linux-audit/laurel-arguments-joined": {
    severities: ["warning"],
    meaning: "laurel joined the arguments with blanks, and which blank parts two arguments is lost.",
    advice: "Trust cmdline rather than argv in this row; the audit log of the host has both exactly.",
  },
  "linux-audit/line-too-long": {
    severities: ["error"],
    meaning: "A line is longer than any audit record, and was passed over.",
    advice: "See docs/limits.md; a block of NUL or binary data without newlines looks like this.",
  },
  "linux-audit/merged-lines": {
    severities: ["warning"],
    meaning: "A record begins inside a line; both were read, but the end of the first may be missing.",
    advice: AUTHOR,
  },
  "linux-audit/nul-bytes": {
    severities: ["warning"],
    meaning: "A block of NULs lies where records should be; what stands before and behind it was read.",
    advice: "A crash or a full disk cut a write short: expect records to be missing there.",
  },
  "linux-audit/nul-in-record": {
    severities: ["warning"],
    meaning: "A record that was kept holds NUL bytes, which no writer puts there; the first is told.",
    advice: LOOK,
  },
  "linux-audit/unknown-zone": {
    severities: ["warning"],
    meaning: "Time stamps name a zone by letters that many zones share, so no time was taken from them.",
    advice:
      "Get the log with numeric offsets or in UTC; the stamp inside each record counts where there is one.",
  },
  "linux-audit/unterminated-quote": {
    severities: ["warning"],
    meaning: "A quoted value never closes: it was read up to the end of its record.",
    advice: "The record was cut on its way, or forged; look at it in the source.",
  },
  "perf-data/bad-header": {
    severities: ["error"],
    meaning: "The header of a recording does not say where its data is; nothing was read.",
    advice:
      "Copy the file again; what is behind its header can be read with --format perf-data only when it is whole.",
  },
  "perf-data/bad-zstd": {
    severities: ["error"],
    meaning:
      "A compressed record is damaged; all compressed records behind it are lost, the others were read.",
    advice: COPY_AGAIN,
  },
  "perf-data/cut-record": {
    severities: ["warning"],
    meaning: "The recording ends within a record, which was left out.",
    advice: "Usual when the recorder was killed or the file was copied while it was written.",
  },
  "perf-data/cut-recording": {
    severities: ["warning"],
    meaning: "The recording ends before its data does, and lacks the formats behind it.",
    advice: COPY_AGAIN,
  },
  "perf-data/estimated-time": {
    severities: ["info"],
    meaning: "The recording holds no moment of Unix time; its times were reckoned from the file's.",
    advice:
      "Order and distances are exact, the moment is seconds off. Record with -k CLOCK_MONOTONIC next time.",
  },
  "perf-data/killed-recording": {
    severities: ["warning"],
    meaning: "The recorder was killed: formats and names of the events are missing, every record was read.",
    advice: "Processes are known by their COMM and FORK records; samples are given as raw bytes.",
  },
  "perf-data/no-attributes": {
    severities: ["error"],
    meaning: "The recording does not say what its samples hold; they have no time and no thread.",
    advice: "Read a folder of perf record --threads as a whole: its file data says it.",
  },
  "perf-data/no-formats": {
    severities: ["warning"],
    meaning: "The formats of the events are missing or damaged; samples are given as raw bytes.",
    advice: "Give the file itself rather than a stream of it, or copy it again.",
  },
  "perf-data/out-of-order": {
    severities: ["info"],
    meaning: "Too many records would have to wait for their turn in time; some may be given late.",
    advice: "Sort by time where the order matters.",
  },
  "perf-data/short-sample": {
    severities: ["warning"],
    meaning: "A sample is shorter than its event says; the fields it holds were kept.",
    advice: COPY_AGAIN,
  },
  "perf-data/skipped-bytes": {
    severities: ["error"],
    meaning: "Bytes that are no record were passed over up to the next ones.",
    advice: COPY_AGAIN,
  },
  "perf-data/unknown-event": {
    severities: ["warning"],
    meaning: "A sample carries an id of no event of the recording; it was kept without its fields.",
    advice: COPY_AGAIN,
  },
  "perf-data/unknown-format": {
    severities: ["info"],
    meaning: "The recording has no format of an event; its samples are given as raw bytes.",
    advice: NOTHING,
  },
  "perf-ring/cut-record": {
    severities: ["warning"],
    meaning: "A BPF capture or a saved ring ends within a record, which was left out.",
    advice: "Usual in a capture that is still written; its next reading goes on there. Else copy it again.",
  },
  "perf-ring/no-page": {
    severities: ["error"],
    meaning: "A saved ring has no first page that says where its records lie.",
    advice: "Save the whole mapping of the ring, first page included: without it nothing can be found.",
  },
  "perf-ring/skipped-bytes": {
    severities: ["error"],
    meaning: "Bytes of a BPF capture or of a saved ring are no record, and were passed over.",
    advice: AUTHOR,
  },
  "perf-ring/strings-elsewhere": {
    severities: ["warning"],
    meaning:
      "Records of osquery's BPF publisher hold no text and do not say which call they are; they give no rows.",
    advice:
      "The texts lay in maps of the kernel and are gone: convert --records gives who, when and with which result.",
  },
  "perf-ring/too-large": {
    severities: ["error"],
    meaning: "A saved ring is larger than any ring; the rest was not read.",
    advice: LOOK,
  },
  "perf-ring/unknown-record": {
    severities: ["error"],
    meaning: "A record of a saved ring has none of the known layouts.",
    advice: "Read are records of our own capture, of ebpfpub and of linuxevents.",
  },
  "perf-ring/unknown-version": {
    severities: ["error"],
    meaning: "A BPF capture has a header of no known version; its records were read without their Unix time.",
    advice: "Read it with the version that wrote it.",
  },
  "perf-script/bad-line": {
    severities: ["warning"],
    meaning: "A line of perf's text is no event and belongs to none; it was left out.",
    advice: "Usual for warnings of perf itself; else a file name with a line break, or damage.",
  },
  "perf-script/long-line": {
    severities: ["error"],
    meaning: "A line of perf's text is longer than any that perf writes; it was left out.",
    advice: LOOK,
  },
  "perf-script/low-trust": {
    severities: ["warning"],
    meaning:
      "A name with a line break in it can forge whole lines of perf's text, which nobody can tell apart.",
    advice: "Read the perf.data that the text was made from: there no name can be taken for an event.",
  },
  "perf-script/no-time": {
    severities: ["warning"],
    meaning: "The text's times are steps from line to line, or there are none; its rows have no time.",
    advice: "Write the text anew, without --deltatime.",
  },
  "source/bomb": {
    severities: ["error"],
    meaning: "The archive would grow beyond the limits; reading it was given up there.",
    advice: "See docs/limits.md. Unpack it by hand on a spare disk if you trust it.",
  },
  "source/checksum": {
    severities: ["warning"],
    meaning: "The checksum or length that the archive gives does not fit its content, which was kept.",
    advice: COPY_AGAIN,
  },
  "source/corrupt": {
    severities: ["error"],
    meaning: "Compressed or archived data is damaged; what came out before was kept.",
    advice: COPY_AGAIN,
  },
  "source/duplicate": {
    severities: ["info"],
    meaning: "The same file was named or found twice; it is read once.",
    advice: NOTHING,
  },
  "source/empty": { severities: ["info"], meaning: "The source has no bytes.", advice: NOTHING },
  "source/encrypted": {
    severities: ["error"],
    meaning: "A member of a zip is encrypted.",
    advice: "Decrypt the zip first, and read what comes out.",
  },
  "source/grew": {
    severities: ["info"],
    meaning: "The file grew while it was read; the new bytes are left for the next run.",
    advice: "Run the same ingest again: it goes on where it stopped.",
  },
  "source/io": {
    severities: ["error"],
    meaning: "The system could not open or read the file.",
    advice: "Check the disk; image it before you try again.",
  },
  "source/member-skipped": {
    severities: ["info"],
    meaning: "A link, device or other special entry of an archive was not followed or created.",
    advice: NOTHING,
  },
  "source/missing": {
    severities: ["error"],
    meaning: "A path that was named does not exist.",
    advice: "Check the spelling; relative paths begin in the current folder.",
  },
  "source/not-a-file": {
    severities: ["error", "warning"],
    meaning: "It is a device, socket or pipe, which is not read when it is found in a folder.",
    advice: "Name a pipe explicitly to read it.",
  },
  "source/not-followed": {
    severities: ["warning", "info"],
    meaning:
      "What was named or found to be followed cannot grow (a packed file, a folder, a link, a device), or is an event log beyond 16 GiB, of which the rest is left out.",
    advice: "Name the log that is written to, and read packed files with ingest.",
  },
  "source/order": {
    severities: ["info"],
    meaning:
      "Rotated files lie in an archive in an order that would take too many passes; they were read as they lie.",
    advice: "Unpack the archive and ingest the folder: events that span two files are joined then.",
  },
  "source/permission": {
    severities: ["error"],
    meaning: "This account may not read it.",
    advice: "Run as an account that may, or copy the evidence.",
  },
  "source/shrunk": {
    severities: ["error"],
    meaning: "The file became shorter while it was read.",
    advice: "Work on a copy: something truncates or rotates the original.",
  },
  "source/symlink-skipped": {
    severities: ["warning", "info"],
    meaning: "A symbolic link is never followed: evidence may point out of its own folder.",
    advice: "Name what it points to, if that is evidence too.",
  },
  "source/trailing-garbage": {
    severities: ["warning"],
    meaning: "Bytes follow the end of the archive that do not belong to it; they were not read.",
    advice: "Cut them out and look at them: data can be hidden there.",
  },
  "source/truncated": {
    severities: ["error", "warning"],
    meaning: "Compressed or archived data ends too soon; what came out before was kept.",
    advice: COPY_AGAIN,
  },
  "source/truncated-in-place": {
    severities: ["info"],
    meaning: "A followed file was emptied or rewritten under its name, and was read again from its start.",
    advice:
      "copytruncate loses what is written meanwhile: let the log be rotated by renaming. An event log was cleared.",
  },
  "source/unrecognised": {
    severities: ["info"],
    meaning: "No format knows the bytes; found says what they look like.",
    advice: "If it is a log of a known format, force it with --format.",
  },
  "source/unsupported-packing": {
    severities: ["error"],
    meaning: "It is packed in a way that cannot be read here.",
    advice: "Unpack it by hand; the message names the command.",
  },
  "source/vanished": {
    severities: ["error"],
    meaning: "The file was there when the inputs were listed, and was gone when it was to be read.",
    advice: "Work on a copy: something deletes or rotates the original.",
  },
  "source/waited-for": {
    severities: ["info"],
    meaning: "A path to be followed did not exist, and was waited for.",
    advice: "Check the spelling if nothing ever comes.",
  },
  "source/zip-mismatch": {
    severities: ["warning"],
    meaning: "A member's own header disagrees with the directory of the zip, which was believed.",
    advice: "The zip may have been made by hand to hide something; compare both.",
  },
  "windows-export/bad-json": {
    severities: ["error"],
    meaning: "Text in an export of Windows events should be a JSON object and is none, or is cut.",
    advice: "The export was interrupted or damaged; objects around it are kept.",
  },
  "windows-export/bad-row": {
    severities: ["error"],
    meaning: "A row of a CSV export has not the columns that its header names.",
    advice: "The export was cut or edited; rows around it are kept.",
  },
  "windows-export/bad-xml": {
    severities: ["error"],
    meaning: "An event in XML is cut off or damaged, and was passed over up to the next one.",
    advice: "The export was interrupted or damaged; events around it are kept.",
  },
  "windows-export/foreign-text": {
    severities: ["info"],
    meaning: "Text that belongs to no event stands between events; only its first place is told.",
    advice: NOTHING,
  },
  "windows-export/names-overflow": {
    severities: ["warning"],
    meaning:
      "There are more different element names than any log has; the names of further ones were not kept.",
    advice: "Text that was made up looks like this; read the event in the source at its offset.",
  },
  "windows-export/no-time-zone": {
    severities: ["warning"],
    meaning: "The export gives local times and nothing that tells their zone; they were taken as UTC.",
    advice: "Find the zone of the host that wrote the export, and shift the times by it.",
  },
  "windows-export/not-an-event": {
    severities: ["error"],
    meaning: "A record of an export lacks what makes it a Windows event.",
    advice: "Look at it in the source: something else was written into the same file.",
  },
  "windows-export/not-utf8": {
    severities: ["info"],
    meaning: "Texts are not UTF-8, and were read as windows-1252; the first event that has one is told.",
    advice: "wevtutil writes the code page of its console: other characters may be meant.",
  },
  "windows-export/record-too-long": {
    severities: ["error"],
    meaning: "A record is longer than any event, and was passed over.",
    advice: "See docs/limits.md; an event whose end was lost looks like this.",
  },
  "windows/bad-number": {
    severities: ["warning"],
    meaning: "A field of a Windows event that holds a number by its name holds none; the column is NULL.",
    advice: "The event is damaged or forged; its text is kept in data of windows_events.",
  },
  "windows/bad-time": {
    severities: ["warning"],
    meaning: "The time of a Windows event cannot be read; its rows have none.",
    advice: "The text is kept in datetime of windows_events.",
  },
  "windows/incomplete-script": {
    severities: ["warning"],
    meaning: "Parts of a PowerShell script block are missing; those that are there were joined.",
    advice: "The log begins or ends within the block, or was cleared: look for other copies of it.",
  },
}

/** `_gaps.kind`. */
export const GAP_KINDS: Readonly<Record<string, string>> = {
  "clock-step": "An event carries an earlier time than the one before it: the clock was set back.",
  "hidden-record": "A record was hidden inside another one, which no Windows does by itself.",
  "log-cleared": "A log was cleared: what it held before is gone.",
  "lost-messages":
    "Numbers of EndpointSecurity messages are missing: dropped by the kernel, or filtered out.",
  "lost-of-type":
    "Numbers of EndpointSecurity messages of one type are missing; those of lost-messages, by type.",
  "lost-records": "A ring of the kernel was full: so many records of a BPF capture are missing.",
  "lost-samples":
    "The kernel dropped records of a recording, because its buffer was full: what they told is missing.",
  "pipe-drops": "An audit pipe dropped records: its queue was full because they were not read in time.",
  "pipe-truncates": "An audit pipe cut or dropped records that did not fit into the reader's buffer.",
  "record-id-gap": "Record ids of an event log are missing: records were filtered out, lost or deleted.",
  "recording-stopped":
    "Auditing was switched off for a while, or its host crashed: nothing was recorded meanwhile.",
  "recovered-record": "An event was read from a record that is no live one; its row has the same place.",
  "serial-gap": "Serials are missing: records were lost, filtered out, or deleted.",
  "serial-restart": "Serials begin anew: a reboot, a rollover, or the records of another host.",
  "source-ended": "A live source ended although nobody had asked it to: what happened afterwards is missing.",
}
