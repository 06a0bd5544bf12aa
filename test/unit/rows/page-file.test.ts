import { expect, test } from "vitest"
import { skipLockPage } from "../../../src/rows/page-file.ts"

test("the page with the lock byte at 1 GiB is left out, and no other", () => {
  for (const pageSize of [512, 4096, 16_384, 65_536]) {
    const locked = 2 ** 30 / pageSize + 1
    expect(skipLockPage(locked - 1, pageSize)).toBe(locked - 1)
    expect(skipLockPage(locked, pageSize)).toBe(locked + 1)
    expect(skipLockPage(locked + 1, pageSize)).toBe(locked + 1)
    expect(skipLockPage(2, pageSize)).toBe(2)
  }
})
