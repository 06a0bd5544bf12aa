/** What runs on the host while a capture looks: programs of the test, by plain shell. */
import { spawn } from "node:child_process"
import { once } from "node:events"

/** Runs the program so many times, one after the other, in so many loops at once. */
export async function storm(program: string, times: number, loops = 1, argument = "now"): Promise<void> {
  const script = 'i=0; while [ "$i" -lt "$2" ]; do "$1" "$3"; i=$((i + 1)); done'
  const args = ["-c", script, "storm", program, String(times), argument]
  await Promise.all(Array.from({ length: loops }, () => run("/bin/sh", args)))
}

/** What it printed. @throws Error when it fails */
export async function run(program: string, args: readonly string[], cwd = "/"): Promise<string> {
  const child = spawn(program, args, { cwd, stdio: ["ignore", "pipe", "inherit"] })
  let output = ""
  child.stdout.on("data", (piece: Buffer) => {
    output += piece.toString()
  })
  const [code] = await once(child, "close")
  if (code !== 0) throw new Error(`${program} ended with ${code}`)
  return output
}
