#!/usr/bin/env node
// Starts the command line; says so in one line when this Node.js is too old to run it.
const [major, minor] = process.versions.node.split(".").map(Number)
if (major < 22 || (major === 22 && minor < 15)) {
  process.stderr.write(
    `retrail needs Node.js 22.15 or newer; this is ${process.versions.node}. In a checkout, "npm ci && npx retrail" brings a fitting one along.\n`,
  )
  process.exit(2)
}
import("../dist/commands/main.js").then((main) => main.run(import.meta.url))
