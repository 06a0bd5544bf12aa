// Joins the sources into a few files: finding hundreds of them costs every start an eighth of a second.
// All lie side by side in dist/, so that `./query-child.js` is right from wherever it is started.
import { defineConfig } from "rolldown"

export default defineConfig({
  input: {
    main: "src/commands/main.ts",
    commands: "src/commands/index.ts",
    "job-child": "src/app/ingest/jobs/job-child.ts",
    "memory-watch": "src/app/query/memory-watch.ts",
    "query-child": "src/app/query/query-child.ts",
    "reader-thread": "src/sources/audit/reader/reader-thread.ts",
    "schedule-child": "src/app/capture/schedule/schedule-child.ts",
  },
  platform: "node",
  // What is not ours is installed beside, as the lockfile pins it.
  external: /^[^./]/,
  // Text of ASCII alone, and little of it, is read and parsed sooner.
  output: { dir: "dist", format: "esm", cleanDir: true, comments: false, charset: "ascii" },
})
