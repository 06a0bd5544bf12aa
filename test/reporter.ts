/** Ends a test run with one line that scripts can read: `N passed, N failed`, and `, N skipped` when some were. */
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

export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const line = closingLine(countTests(modules, errors.length))
    // Written at the very end: other reporters print their summaries in the same hook.
    process.once("exit", () => process.stdout.write(`${line}\n`))
  }
}
