/** Numbers of perf's records. Source: include/uapi/linux/perf_event.h; tools/lib/perf/include/perf/event.h. */
export const RECORD = {
  mmap: 1,
  lost: 2,
  comm: 3,
  exit: 4,
  throttle: 5,
  unthrottle: 6,
  fork: 7,
  sample: 9,
  mmap2: 10,
  lostSamples: 13,
  cgroup: 19,
  headerAttr: 64,
  tracingData: 66,
  finishedRound: 68,
  auxTrace: 71,
  eventUpdate: 78,
  headerFeature: 80,
  compressed: 81,
  compressed2: 83,
} as const

/** Records of the kernel come in the order of time, perf's own at once. */
export const FIRST_OWN_RECORD = 64
