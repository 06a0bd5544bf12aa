import { describe, expect, it } from "vitest"
import * as errors from "../../../src/app/errors.ts"
import { EXIT_CODES } from "../../../src/app/exit-codes.ts"

describe("exit codes", () => {
  it("are those that scripts rely on, each once", () => {
    const codes = Object.values(EXIT_CODES).map((entry) => entry.code)
    expect(codes).toEqual([0, 1, 2, 3, 4, 64, 65, 66, 70, 73, 74, 77, 130, 143])
  })

  it.each([
    [errors.UsageError, 64],
    [errors.UnrecognisedError, 65],
    [errors.MissingInputError, 66],
    [errors.InternalError, 70],
    [errors.CannotCreateError, 73],
    [errors.IoError, 74],
    [errors.PermissionError, 77],
    [errors.FailedError, 2],
  ])("%o has %i", (ErrorClass, code) => {
    const error = new ErrorClass("what is wrong", "what to do")
    expect(error).toBeInstanceOf(errors.RetrailError)
    expect([error.exitCode, error.message, error.suggestion]).toEqual([code, "what is wrong", "what to do"])
    expect(new ErrorClass("x").suggestion).toBe("")
  })
})
