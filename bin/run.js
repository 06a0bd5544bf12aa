#!/usr/bin/env node
// Starts the command line; says so in one line when this Node.js is too old to run it.
import v8 from "node:v8"

const [major, minor] = process.versions.node.split(".").map(Number)
if (major < 22 || (major === 22 && minor < 15)) {
  process.stderr.write(
    `retrail needs Node.js 22.15 or newer; this is ${process.versions.node}. In a checkout, "npm ci && npx retrail" brings a fitting one along.\n`,
  )
  process.exit(2)
}
// Little of what is read becomes garbage: room for more of it would be memory and no speed.
v8.setFlagsFromString("--semi-space-growth-factor=1")
keepSmall()
import("../dist/main.js").then((main) => main.run(import.meta.url))

// A capture runs for days beside other work: it starts itself again with a small heap and one malloc arena, which costs
// a little of its own time and saves a quarter of its memory.
function keepSmall() {
  const isCapture = process.argv[2] === "capture"
  if (!isCapture || process.platform !== "linux" || typeof process.execve !== "function") return
  if (process.env.MALLOC_ARENA_MAX !== undefined) return
  const flags = ["--max-semi-space-size=1", ...process.execArgv]
  const env = { ...process.env, MALLOC_ARENA_MAX: "1" }
  process.execve(process.execPath, [process.execPath, ...flags, ...process.argv.slice(1)], env)
}
