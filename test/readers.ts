/** The readers of all formats, loaded, for tests that read without waiting. */
import { type CreateReader, FORMATS } from "../src/app/reading/formats.ts"

const READERS = new Map<string, CreateReader>(
  await Promise.all(FORMATS.map(async ({ name, loadReader }) => [name, await loadReader()] as const)),
)

export function readerOf({ name }: { readonly name: string }): CreateReader {
  const createReader = READERS.get(name)
  if (createReader === undefined) throw new Error(`there is no format ${name}`)
  return createReader
}
