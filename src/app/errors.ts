/** What can go wrong without being a bug: each class stands for one exit code and says what to do next. */
import { EXIT_CODES } from "./exit-codes.ts"

/** An error for the person at the keyboard. */
export class RetrailError extends Error {
  readonly exitCode: number
  /** What to do next, one or two sentences; '' when there is nothing to say. */
  readonly suggestion: string

  constructor(exitCode: number, message: string, suggestion = "") {
    super(message)
    this.name = new.target.name
    this.exitCode = exitCode
    this.suggestion = suggestion
  }
}

/** The command line, or the SQL in it, is wrong. */
export class UsageError extends RetrailError {
  constructor(message: string, suggestion?: string) {
    super(EXIT_CODES.usage.code, message, suggestion)
  }
}

/** The input is there, but not in a format that can be read. */
export class UnrecognisedError extends RetrailError {
  constructor(message: string, suggestion?: string) {
    super(EXIT_CODES.unrecognised.code, message, suggestion)
  }
}

/** An input does not exist. */
export class MissingInputError extends RetrailError {
  constructor(message: string, suggestion?: string) {
    super(EXIT_CODES.missingInput.code, message, suggestion)
  }
}

/** A bug of ours that was noticed. */
export class InternalError extends RetrailError {
  constructor(message: string, suggestion?: string) {
    super(EXIT_CODES.internal.code, message, suggestion)
  }
}

/** The output cannot be created. */
export class CannotCreateError extends RetrailError {
  constructor(message: string, suggestion?: string) {
    super(EXIT_CODES.cannotCreate.code, message, suggestion)
  }
}

/** Reading or writing failed. */
export class IoError extends RetrailError {
  constructor(message: string, suggestion?: string) {
    super(EXIT_CODES.io.code, message, suggestion)
  }
}

export class PermissionError extends RetrailError {
  constructor(message: string, suggestion?: string) {
    super(EXIT_CODES.permission.code, message, suggestion)
  }
}

/** The work could not be done, or ran into a limit. */
export class FailedError extends RetrailError {
  constructor(message: string, suggestion?: string) {
    super(EXIT_CODES.failed.code, message, suggestion)
  }
}
