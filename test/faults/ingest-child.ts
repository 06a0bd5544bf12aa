/**
 * Ingests into a case in a process of its own, so that a test can kill it.
 *
 *   node ingest-child.ts '{"database": "case.db", "paths": ["logs"], "batchBytes": 65536, "dieAt": "before 3"}'
 *
 * Tells its parent on stdout when it begins to read and after each commit. `dieAt` is `before N`, `inside N` or
 * `after N`: it kills itself there, at its N-th commit.
 */
import { writeSync } from "node:fs"
import { ingest } from "../../src/app/ingest/ingest.ts"
import { NO_PROGRESS } from "../../src/app/progress.ts"
import type { Batch, CaseStore } from "../../src/store/case-store.ts"
import { openCaseFile } from "../../src/store/sqlite/case-file.ts"

export interface ChildRequest {
  readonly database: string
  readonly paths: readonly string[]
  readonly batchBytes?: number
  readonly dieAt?: string
}

const say = (word: string): void => void writeSync(1, `${word}\n`)
const die = (): void => void process.kill(process.pid, "SIGKILL")

/** The store, with a word at each commit. */
function watch(store: CaseStore, dieAt: string): CaseStore {
  let commits = 0
  const commit = (batch: Batch): void => {
    commits++
    if (dieAt === `before ${commits}`) die()
    if (dieAt === `inside ${commits}`) {
      // Fails to be read as a batch when the rows are in and the checkpoint is not.
      const sources = new Proxy(batch.sources, {
        get(target, key) {
          if (key === Symbol.iterator) die()
          return Reflect.get(target, key)
        },
      })
      store.commit({ ...batch, sources })
    } else store.commit(batch)
    say(`commit ${commits}`)
    if (dieAt === `after ${commits}`) die()
  }
  return new Proxy(store, {
    get(target, key) {
      if (key === "commit") return commit
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === "function" ? value.bind(target) : value
    },
  })
}

async function main(): Promise<void> {
  const { database, paths, batchBytes, dieAt = "" } = JSON.parse(process.argv[2] ?? "") as ChildRequest
  const store = watch(openCaseFile(database), dieAt)
  const runId = store.beginRun({ version: "0", args: [], started: "" })
  say("begin")
  await ingest({
    paths,
    store,
    runId,
    host: "",
    ...(batchBytes === undefined ? {} : { batchBytes }),
    progress: NO_PROGRESS,
    signal: new AbortController().signal,
  })
  store.endRun(runId, "", 0)
  store.close()
}

await main()
