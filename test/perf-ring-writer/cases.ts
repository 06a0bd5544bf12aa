/** All cases of corpus/perf-ring: what their files hold and what they show. */
import { CONTAINER, header, lostFrame, ROUND, recordFrame, SHELL_PROCESS, totals } from "./capture-file.ts"
import { bpfImage, consumerPage, perfImage, perfLost, perfSample, sideFile } from "./images.ts"
import { makeRecord } from "./record.ts"
import { bytesOf, PLAIN, WIDE } from "./story.ts"

export interface RingCase {
  /** Below corpus/perf-ring. */
  readonly folder: string
  readonly shows: string
  readonly variant: string
  /** By what follows `input` in its name. */
  readonly files: readonly (readonly [suffix: string, bytes: Buffer])[]
}

const plain = bytesOf(PLAIN)
const wide = bytesOf(WIDE)
const start = [header(), SHELL_PROCESS, CONTAINER]
const frames = wide.map((record) => recordFrame(record))
const even = plain.filter((_, index) => index % 2 === 0)
const odd = plain.filter((_, index) => index % 2 === 1)

function capture(folder: string, shows: string, ...pieces: readonly Buffer[]): RingCase {
  return { folder, shows, variant: "capture", files: [[".bpf", Buffer.concat([...pieces])]] }
}

/** Numbers of the records that each CPU of `PLAIN` wrote, when they are dealt out over two. */
function renumbered(story: typeof PLAIN, from = 0): Buffer[] {
  return story.map((made, index) => makeRecord({ ...made, number: from + index }))
}

const first = renumbered(PLAIN.filter((_, index) => index % 2 === 0))
const second = renumbered(PLAIN.filter((_, index) => index % 2 === 1))

export const RING_CASES: readonly RingCase[] = [
  capture(
    "capture/session",
    "A program in a container connects; both ends of the socket are told.",
    ...start,
    ...frames,
    totals(12n, 0n),
  ),
  capture(
    "capture/rounds",
    "Two CPUs whose records are in order only from round to round.",
    header(true),
    SHELL_PROCESS,
    ...second.map((record) => recordFrame(record, 1)),
    ...first.map((record) => recordFrame(record, 0)),
    ROUND,
    ROUND,
  ),
  capture(
    "capture/lost",
    "Numbers are missing, a ring was full, and the totals know of more.",
    ...start,
    ...frames.slice(0, 2),
    ...frames.slice(4, 6),
    lostFrame(1, 2n),
    ...frames.slice(8),
    totals(20n, 9n),
  ),
  {
    folder: "perf-image/two-cpus",
    shows: "Rings of two CPUs with the file beside them; their records are put in order.",
    variant: "perf-image",
    files: [
      [".meta.json", sideFile("perf_event_array", 0)],
      [".cpu0.ring", perfImage(first.map(perfSample))],
      [".cpu1.ring", perfImage(second.map(perfSample))],
    ],
  },
  {
    folder: "perf-image/wrapped",
    shows: "The records wrap around the end of the ring, and the ring was full before the last.",
    variant: "perf-image",
    files: [
      [
        ".cpu0.ring",
        perfImage(
          [
            ...renumbered(PLAIN.slice(0, 3)).map(perfSample),
            perfLost(2),
            ...renumbered(PLAIN.slice(3), 5).map(perfSample),
          ],
          3904,
        ),
      ],
    ],
  },
  {
    folder: "ringbuf-image/session",
    shows:
      "A ring buffer of which some was read, some was discarded, and the last record was not written to its end.",
    variant: "ringbuf-image",
    files: [
      [".meta.json", sideFile("bpf_ringbuf", 0)],
      [".consumer.page", consumerPage(96)],
      [
        ".producer-and-data.img",
        bpfImage([
          ...plain.slice(0, 3).map((payload) => ({ payload })),
          { payload: plain[4] as Buffer, isDiscarded: true },
          ...plain.slice(3).map((payload) => ({ payload })),
          { payload: plain[0] as Buffer, isBusy: true },
        ]),
      ],
    ],
  },
  capture(
    "damaged/garbage",
    "Bytes between frames are no record.",
    ...start,
    ...frames.slice(0, 3),
    Buffer.alloc(64, 0xa5),
    ...frames.slice(3),
  ),
  capture(
    "damaged/cut-record",
    "The capture ends within a record.",
    ...start,
    ...frames.slice(0, 5),
    (frames[5] as Buffer).subarray(0, 60),
  ),
  {
    folder: "damaged/ring-size",
    shows: "A record of a ring has a size that is none.",
    variant: "perf-image",
    files: [
      [".cpu0.ring", perfImage([...even.map(perfSample), Buffer.alloc(40, 0xff), ...odd.map(perfSample)])],
    ],
  },
]
