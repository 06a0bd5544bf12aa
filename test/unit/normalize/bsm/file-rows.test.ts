/** process_file_events of calls that name files, as given and resolved. */
import { expect, it } from "vitest"
import { attributes, path, record, returns, subject, text } from "./made.ts"
import { Reading, type Row } from "./rows-of.ts"

const GIVEN = [path("a"), path("/srv/demo/a"), attributes()]

function one(
  event: number,
  tokens: readonly Buffer[],
  status = 0,
  platform: "macos" | "freebsd" = "macos",
): Row {
  const whole = record(event, [...tokens, subject(), returns(status)])
  return new Reading(platform).read(whole).row("process_file_events")
}

it.each([
  [72, "open"],
  [77, "open"],
  [79, "open+truncate"],
  [83, "open+truncate"],
  [4, "open+truncate"],
  [278, "open"],
  [280, "open+truncate"],
  [43_178, "open"],
  [43_181, "open+truncate"],
  [6, "unlink"],
  [286, "unlink"],
  [47, "mkdir"],
  [43_148, "mkdir"],
  [48, "rmdir"],
  [10, "chmod"],
  [43_163, "chmod"],
  [11, "chown"],
  [43, "truncate"],
  [9, "mknod"],
  [49, "utimes"],
  [112, "close"],
  [43_103, "setxattr"],
])("event %i is a %s", (event, operation) => {
  expect(one(event, GIVEN)).toMatchObject({
    operation,
    path: "/srv/demo/a",
    dest_path: "",
    partial: "false",
    event_type: operation,
    pid: 100,
    uid: "501",
    fsuid: "",
  })
})

it.each([
  ["both given and resolved", [...GIVEN, path("b"), path("/srv/demo/b")], "/srv/demo/a", "/srv/demo/b"],
  ["the second as given", [...GIVEN, path("b")], "/srv/demo/a", "b"],
  ["one path each", [path("/srv/demo/a"), attributes(), path("/srv/demo/b")], "/srv/demo/a", "/srv/demo/b"],
  ["no attributes", [path("/srv/demo/a"), path("/srv/demo/b")], "/srv/demo/a", "/srv/demo/b"],
  ["the first alone", [...GIVEN], "/srv/demo/a", ""],
] as const)("a rename with %s", (_, tokens, source, target) => {
  expect(one(42, tokens)).toMatchObject({ operation: "rename", path: source, dest_path: target })
})

it("a symbolic link has its text and its own path", () => {
  expect(one(21, [text("../x"), path("/srv/demo/l")])).toMatchObject({
    operation: "symlink",
    path: "../x",
    dest_path: "/srv/demo/l",
    partial: "false",
  })
})

it("a path that was not resolved is partial, a failed call says so", () => {
  expect(one(6, [path("a")], 2)).toMatchObject({ path: "a", partial: "true", event_type: "unlink_failed" })
})

it("a call without a path is no row", () => {
  expect(new Reading().read(record(112, [subject(), returns()])).sink.rows).toEqual([])
})
