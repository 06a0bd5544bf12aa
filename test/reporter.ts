/**
 * Ends a test run with lines that scripts can read: `skipped: TEST` for each whose title says why it can be, and
 * `N passed, N failed`, with `, N skipped` when some were.
 */
import type { Reporter, TestModule } from "vitest/node"

interface Totals {
  passed: number
  failed: number
  skipped: number
}

/** A file that could not be run at all is one failure. */
export function countTests(
  modules: readonly Pick<TestModule, "children" | "errors">[],
  errors: number,
): Totals {
  const totals = { passed: 0, failed: errors, skipped: 0 }
  for (const module of modules) {
    let hasFailed = false
    for (const test of module.children.allTests()) {
      const { state } = test.result()
      if (state === "passed") totals.passed++
      else if (state === "failed") totals.failed++
      else totals.skipped++
      hasFailed ||= state === "failed"
    }
    if (!hasFailed && module.errors().length > 0) totals.failed++
  }
  return totals
}

export function closingLine({ passed, failed, skipped }: Totals): string {
  return `${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`
}

/** Tests that did not run for want of something: their titles name it after `(skipped`. */
export function skippedLines(modules: readonly Pick<TestModule, "children">[]): string[] {
  return modules.flatMap((module) =>
    [...module.children.allTests()]
      .filter((test) => test.result().state === "skipped" && test.fullName.includes("(skipped"))
      .map((test) => `skipped: ${test.fullName}`),
  )
}

export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const lines = [...skippedLines(modules), closingLine(countTests(modules, errors.length))]
    // Written at the very end: other reporters print their summaries in the same hook.
    process.once("exit", () => process.stdout.write(`${lines.join("\n")}\n`))
  }
}
