/** Whether every account may enter the checkout: tests that run its code as another account need that. */
import { statSync } from "node:fs"
import { dirname } from "node:path"

export const isCheckoutForAll = foldersAbove(import.meta.dirname).every(
  (path) => (statSync(path).mode & 0o001) !== 0,
)

/** The folder itself, and all that it lies in. */
function foldersAbove(path: string): string[] {
  return path === dirname(path) ? [path] : [path, ...foldersAbove(dirname(path))]
}
