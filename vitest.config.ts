import { defineConfig } from "vitest/config"

/**
 * Their files share one process: loading the sources anew for each costs more than most of their tests do. The others
 * fill the table of names, which a process has once, or keep files until they end.
 */
const TOGETHER = [
  "test/{arch,docs,corpus}/**/*.test.ts",
  "test/unit/!(formats|sources)/**/*.test.ts",
  "test/unit/formats/!(windows)/**/*.test.ts",
]

export default defineConfig({
  test: {
    pool: "forks",
    // Many tests wait for processes of their own: one more than the two cores of a small machine.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ["default", "./test/reporter.ts"],
    projects: [
      { extends: true, test: { name: "together", include: TOGETHER, isolate: false } },
      { extends: true, test: { name: "alone", include: ["test/**/*.test.ts"], exclude: TOGETHER } },
    ],
  },
})
