/**
 * A thread beside a query that ends the process when it uses too much memory, or when its parent is gone: the
 * main thread may be deep in SQLite and hears nothing.
 */
import { workerData } from "node:worker_threads"

const EVERY_MS = 50

const { limitBytes, parentId } = workerData as { limitBytes: number; parentId: number }

setInterval(() => {
  const isOrphan = process.ppid !== parentId
  if (isOrphan || process.memoryUsage.rss() > limitBytes) process.kill(process.pid, "SIGKILL")
}, EVERY_MS)
