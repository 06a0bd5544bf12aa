import { CLIError, ExitError } from "@oclif/core/errors"
import { describe, expect, it } from "vitest"
import { InternalError, MissingInputError } from "../../../src/app/errors.ts"
import { describeFailure, errorLines } from "../../../src/commands/describe-failure.ts"

const KNOWN = new Map([
  ["query", ["db", "timeout"]],
  ["ingest", ["db"]],
])
const of = (error: unknown, argv: string[] = ["query"]) => describeFailure(error, argv, KNOWN)

describe("describeFailure", () => {
  it("takes our errors as they are", () => {
    expect(of(new MissingInputError("x does not exist", "Look elsewhere."))).toEqual({
      exitCode: 66,
      message: "x does not exist",
      suggestion: "Look elsewhere.",
      stack: "",
    })
  })

  it("suggests a command", () => {
    expect(of(new CLIError("command ingst not found"), ["ingst"])).toMatchObject({
      exitCode: 64,
      message: "there is no command ingst",
      suggestion: "Did you mean: ingest?",
    })
  })

  it("turns oclif's errors into usage errors", () => {
    expect(of(new CLIError("Nonexistent flag: --nope\nSee more help with --help"))).toMatchObject({
      exitCode: 64,
      message: "unknown option: --nope",
      suggestion: "See: retrail query --help",
    })
    expect(of(new CLIError("Nonexistent flag: --timeuot"))).toMatchObject({
      suggestion: "Did you mean --timeout? See: retrail query --help",
    })
  })

  it("ends quietly when the reader is gone or the command has said all", () => {
    expect(of(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }))).toMatchObject({
      exitCode: 0,
      message: "",
    })
    expect(of(new ExitError(3))).toMatchObject({ exitCode: 3, message: "" })
  })

  it("calls everything else a bug", () => {
    for (const error of [
      new TypeError("x is not a function"),
      new InternalError("row without end"),
      "thrown",
    ]) {
      const failure = of(error)
      expect(failure.exitCode).toBe(70)
      expect(failure.message).toMatch(/^this is a bug of ours: /)
    }
    expect(of(new TypeError("x")).stack).toContain("TypeError: x\n")
  })
})

describe("errorLines", () => {
  it("escapes and wraps", () => {
    const message = `/srv/\x1b[31m${"word ".repeat(20)}end`
    const lines = errorLines({ exitCode: 66, message, suggestion: "Do this.", stack: "" }).split("\n")
    expect(lines[0]).toMatch(/^Error: \/srv\/\\x1b\[31mword/)
    expect(lines.every((line) => line.length <= 80)).toBe(true)
    expect(lines.slice(-2)).toEqual(["Do this.", ""])
  })
})
