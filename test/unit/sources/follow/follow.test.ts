import { execFileSync } from "node:child_process"
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { gzipSync } from "node:zlib"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { type Followed, runFollow } from "./run-follow.ts"

let folder = ""
let log = ""
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "retrail-follow-"))
  log = fileOf("audit.log")
})
afterEach(() => rmSync(folder, { recursive: true }))

const fileOf = (name: string): string => path.join(folder, name)
const outline = ({ files }: Followed) => files.map(({ text, why }) => [text, why])
const codes = ({ problems }: Followed) =>
  problems.map(({ path: at, problem }) => [path.basename(at), problem.code])
const rotate = (): void => renameSync(log, `${log}.1`)

describe("a growing file", () => {
  it("is read from its start, then as it grows, a line without an end too", async () => {
    writeFileSync(log, "one\n")
    const followed = await runFollow([log], {
      steps: [() => appendFileSync(log, "tw"), () => appendFileSync(log, "o\n")],
    })
    expect(outline(followed)).toEqual([["one\ntwo\n", "stopped"]])
    const [kept] = followed.files
    expect(kept?.file).toMatchObject({ path: log, startOffset: 0, facts: { storedSize: 4, member: "" } })
    expect(kept?.file.head.toString()).toBe("one\n")
    expect(followed.problems).toEqual([])
  })

  it("is read from its end when told, but for a line without an end", async () => {
    writeFileSync(log, "one\ntwo\nthr")
    const followed = await runFollow([log], {
      fromEnd: true,
      steps: [() => appendFileSync(log, "ee\nfour\n")],
    })
    expect(outline(followed)).toEqual([["three\nfour\n", "stopped"]])
    expect(followed.files[0]?.file.startOffset).toBe(8)
  })

  it("that is empty at first is new from its first byte on, even from the end", async () => {
    writeFileSync(log, "")
    const followed = await runFollow([log], { fromEnd: true, steps: [() => appendFileSync(log, "one\n")] })
    expect(outline(followed)).toEqual([["one\n", "stopped"]])
  })

  it("is read where an earlier run stopped, which is begun at once", async () => {
    writeFileSync(log, "one\ntwo\n")
    const heads: string[] = []
    const resumeAt = (head: Buffer) => {
      heads.push(head.toString())
      return 4
    }
    const followed = await runFollow([log], { resumeAt, fromEnd: true })
    expect(outline(followed)).toEqual([["two\n", "stopped"]])
    expect(new Set(heads)).toEqual(new Set(["one\ntwo\n"]))
    expect(outline(await runFollow([log], { resumeAt: () => 8 }))).toEqual([["", "stopped"]])
    expect(outline(await runFollow([log], { resumeAt: () => 99 }))).toEqual([["one\ntwo\n", "stopped"]])
  })

  it("is read in pieces of at most a mebibyte", async () => {
    writeFileSync(log, Buffer.alloc(2_500_000, 0x61))
    const lengths: number[] = []
    await runFollow([log], { onEvent: (event) => event.kind === "bytes" && lengths.push(event.bytes.length) })
    expect(lengths).toEqual([1_048_576, 1_048_576, 402_848])
  })

  it("that does not exist is waited for, which is said once", async () => {
    const none = (): void => {}
    const followed = await runFollow([log], { steps: [none, none, () => writeFileSync(log, "one\n")] })
    expect(outline(followed)).toEqual([["one\n", "stopped"]])
    expect(codes(followed)).toEqual([["audit.log", "source/waited-for"]])
  })

  it("is read to its end when stopped, and no further", async () => {
    writeFileSync(log, "one\n")
    const controller = new AbortController()
    const followed = await runFollow([log], {
      signal: controller.signal,
      onEvent: (event) => {
        if (event.kind !== "idle") return
        appendFileSync(log, "two\n")
        controller.abort()
      },
    })
    expect(outline(followed)).toEqual([["one\ntwo\n", "stopped"]])
  })
})

describe("rotation by renaming", () => {
  it("reads the old file to its end, then the new one", async () => {
    writeFileSync(log, "one\n")
    const followed = await runFollow([log], {
      steps: [
        () => {
          appendFileSync(log, "two\n")
          rotate()
          appendFileSync(`${log}.1`, "three\n")
          writeFileSync(log, "four\n")
        },
        () => appendFileSync(log, "five\n"),
      ],
    })
    expect(outline(followed)).toEqual([
      ["one\ntwo\nthree\n", "rotated"],
      ["four\nfive\n", "stopped"],
    ])
    expect(new Set(followed.files.map(({ file }) => file.chain)).size).toBe(1)
  })

  it("reads what the old file gets until the new one has bytes", async () => {
    writeFileSync(log, "one\n")
    const followed = await runFollow([log], {
      steps: [
        rotate,
        () => writeFileSync(log, ""),
        () => appendFileSync(`${log}.1`, "two\n"),
        () => appendFileSync(log, "three\n"),
      ],
    })
    expect(outline(followed)).toEqual([
      ["one\ntwo\n", "rotated"],
      ["three\n", "stopped"],
    ])
  })

  it("reads what was packed at once through its descriptor, and never the packed file", async () => {
    writeFileSync(log, "one\n")
    const followed = await runFollow([log, fileOf("audit.log*")], {
      steps: [
        () => {
          appendFileSync(log, "two\n")
          rotate()
          writeFileSync(`${log}.1.gz`, gzipSync("one\ntwo\n"))
          rmSync(`${log}.1`)
          writeFileSync(log, "three\n")
        },
        ...Array.from({ length: 20 }, () => () => {}),
      ],
    })
    expect(outline(followed)).toEqual([
      ["one\ntwo\n", "rotated"],
      ["three\n", "stopped"],
    ])
    expect(followed.problems).toEqual([])
  })

  it("finds the files that came and went between two looks, empty ones too", async () => {
    writeFileSync(log, "one\n")
    const rotateTo = (...contents: string[]): void => {
      for (const content of contents) {
        for (const number of [3, 2, 1]) {
          execFileSync("sh", [
            "-c",
            'test ! -e "$0" || mv "$0" "$1"',
            `${log}.${number}`,
            `${log}.${number + 1}`,
          ])
        }
        rotate()
        writeFileSync(log, content)
      }
    }
    const followed = await runFollow([log], { steps: [() => rotateTo("two\n", "", "three\n", "four\n")] })
    expect(outline(followed).map(([text]) => text)).toEqual(["one\n", "two\n", "three\n", "four\n"])
  })

  it("leaves alone what was rotated before the start", async () => {
    for (const number of [1, 2]) writeFileSync(`${log}.${number}`, "old\n")
    writeFileSync(log, "one\n")
    const followed = await runFollow([log], {
      steps: [
        () => {
          rmSync(`${log}.2`)
          rmSync(log)
          writeFileSync(log, "two\n")
        },
      ],
    })
    expect(outline(followed).map(([text]) => text)).toEqual(["one\n", "two\n"])
  })

  it("while nobody followed is made up for: the file of the earlier run is read on first", async () => {
    writeFileSync(`${log}.3`, "old\n")
    writeFileSync(`${log}.2`, "one\ntwo\n")
    writeFileSync(`${log}.1`, "three\n")
    writeFileSync(log, "four\n")
    const resumeAt = (head: Buffer) => (head.toString() === "one\ntwo\n" ? 4 : undefined)
    for (const fromEnd of [true, false]) {
      const followed = await runFollow([log], { resumeAt, fromEnd })
      expect(outline(followed)).toEqual([
        ["two\n", "rotated"],
        ["three\n", "rotated"],
        ["four\n", "stopped"],
      ])
    }
  })
})

describe("a file that is emptied in place", () => {
  it("is read anew, which is said", async () => {
    writeFileSync(log, "one\ntwo\n")
    const followed = await runFollow([log], {
      steps: [
        () => {
          truncateSync(log)
          appendFileSync(log, "three\n")
        },
      ],
    })
    expect(outline(followed)).toEqual([
      ["one\ntwo\n", "truncated"],
      ["three\n", "stopped"],
    ])
    expect(codes(followed)).toEqual([["audit.log", "source/truncated-in-place"]])
    expect(followed.problems[0]?.problem).toMatchObject({ severity: "info", offset: 8 })
  })

  it.each(["a longer first line\nthan before\n", "abc\n"])(
    "is told by its bytes when it grew on to %j",
    async (text) => {
      writeFileSync(log, "one\n")
      const followed = await runFollow([log], {
        steps: [
          () => {
            truncateSync(log)
            appendFileSync(log, text)
          },
        ],
      })
      expect(outline(followed)).toEqual([
        ["one\n", "truncated"],
        [text, "stopped"],
      ])
    },
  )

  it("has lost nothing when a copy holds what was not read yet", async () => {
    writeFileSync(log, "one\n")
    writeFileSync(`${log}.2`, "older\n")
    const followed = await runFollow([log], {
      steps: [
        () => {
          appendFileSync(log, "two\n")
          copyFileSync(log, `${log}.1`)
          truncateSync(log)
        },
        () => appendFileSync(log, "three\n"),
      ],
    })
    expect(outline(followed)).toEqual([
      ["one\ntwo\n", "truncated"],
      ["three\n", "stopped"],
    ])
    expect(followed.problems[0]?.problem.message).toMatch(/4 bytes behind that place were read from its copy/)
  })
})

describe("a file that is deleted", () => {
  it("is read to its end, and again when it comes again", async () => {
    writeFileSync(log, "one\n")
    const followed = await runFollow([log], {
      steps: [
        () => {
          appendFileSync(log, "two\n")
          rmSync(log)
        },
        () => {},
        () => writeFileSync(log, "three\n"),
      ],
    })
    expect(outline(followed)).toEqual([
      ["one\ntwo\n", "rotated"],
      ["three\n", "stopped"],
    ])
  })
})

describe("what is no growing file", () => {
  it.each([
    [
      "a link",
      () => {
        writeFileSync(fileOf("secret"), "x\n")
        symlinkSync("secret", log)
      },
      "source/symlink-skipped",
    ],
    ["a folder", () => mkdirSync(log), "source/not-followed"],
    ["a FIFO", () => execFileSync("mkfifo", [log]), "source/not-followed"],
    ["a packed file", () => writeFileSync(log, gzipSync("x\n")), "source/not-followed"],
  ])("is not read: %s", async (_what, make, code) => {
    make()
    const followed = await runFollow([log], { steps: [() => {}, () => {}] })
    expect(followed.files).toEqual([])
    expect(codes(followed)).toEqual([["audit.log", code]])
  })

  it("is not read either when it takes the place of one, which is then read on", async () => {
    writeFileSync(log, "one\n")
    writeFileSync(fileOf("secret"), "secret\n")
    const followed = await runFollow([log], {
      steps: [
        () => {
          rotate()
          symlinkSync("secret", log)
        },
        () => appendFileSync(`${log}.1`, "two\n"),
      ],
    })
    expect(outline(followed)).toEqual([["one\ntwo\n", "stopped"]])
    expect(codes(followed)).toEqual([["audit.log", "source/symlink-skipped"]])
  })
})

describe("several paths", () => {
  it("are followed each by itself", async () => {
    const other = fileOf("web.log")
    writeFileSync(log, "one\n")
    const followed = await runFollow([log, other, log], {
      steps: [() => writeFileSync(other, "a\n"), () => appendFileSync(log, "two\n")],
    })
    expect(outline(followed)).toEqual([
      ["one\ntwo\n", "stopped"],
      ["a\n", "stopped"],
    ])
  })

  it("of one log are read oldest first", async () => {
    writeFileSync(`${log}.2`, "one\n")
    writeFileSync(`${log}.1`, "two\n")
    writeFileSync(log, "three\n")
    const followed = await runFollow([fileOf("audit.log*")])
    expect(outline(followed).map(([text]) => text)).toEqual(["one\n", "two\n", "three\n"])
    expect(outline(await runFollow([log])).map(([text]) => text)).toEqual(["three\n"])
    expect(outline(await runFollow([fileOf("*")], { fromEnd: true }))).toEqual([])
  })

  it("that a glob comes to match are taken in, new from their first byte on", async () => {
    const steps = [() => writeFileSync(fileOf("b.log"), "b\n"), ...Array.from({ length: 10 }, () => () => {})]
    const followed = await runFollow([fileOf("*.log")], { fromEnd: true, steps })
    expect(outline(followed)).toEqual([["b\n", "stopped"]])
    expect(codes(followed)).toEqual([["*.log", "source/waited-for"]])
  })

  it("of dates go on in the file of the next day", async () => {
    writeFileSync(fileOf("audit-20260101.log"), "one\n")
    const followed = await runFollow([fileOf("audit-*.log")], {
      steps: [
        () => {
          appendFileSync(fileOf("audit-20260101.log"), "two\n")
          writeFileSync(fileOf("audit-20260102.log"), "three\n")
        },
        ...Array.from({ length: 10 }, () => () => {}),
      ],
    })
    expect(outline(followed)).toEqual([
      ["one\ntwo\n", "rotated"],
      ["three\n", "stopped"],
    ])
  })
})

it("wakes up when the system says that something has changed, long before the next look", async () => {
  writeFileSync(log, "one\n")
  const controller = new AbortController()
  const started = performance.now()
  setTimeout(() => appendFileSync(log, "two\n"), 150)
  const { sleepFor } = await import("../../../../src/sources/follow/waker.ts")
  const followed = await runFollow([log], {
    signal: controller.signal,
    sleep: sleepFor,
    watch: true,
    pollMs: 50_000,
    onEvent: (event, { text }) => {
      if (event.kind === "bytes" && text.endsWith("two\n")) controller.abort()
    },
  })
  expect(followed.text).toBe("one\ntwo\n")
  expect(performance.now() - started).toBeLessThan(40_000)
})
