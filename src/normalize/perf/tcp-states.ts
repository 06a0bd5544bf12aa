/**
 * sock:inet_sock_set_state: the only tracepoint that names both ends of a TCP connection.
 *
 *   CLOSE -> SYN_SENT     within connect(2)         CLOSE -> LISTEN     within listen(2)
 *   SYN_SENT -> ESTABLISHED     our port is known now; on another machine's answer, in whatever thread then runs
 *
 * Source of truth: Linux' include/trace/events/sock.h, include/net/tcp_states.h.
 */
import { formatIpv4, formatIpv6 } from "../../base/ip-text.ts"
import type { PerfSample } from "../../formats/perf/sample.ts"
import type { Call, SocketEnd } from "./call.ts"
import { fieldText, fieldValue } from "./sample-fields.ts"
import type { Tracker } from "./tracker.ts"

const STATE = { established: 1, synSent: 2, close: 7, listen: 10 } as const
const AF_INET6 = 10
const IPPROTO_TCP = 6
const SOCK_STREAM = 1
const NO_BYTES = Buffer.alloc(0)

export class TcpStates {
  readonly #tracker: Tracker

  constructor(tracker: Tracker) {
    this.#tracker = tracker
  }

  /** @param seen a call to be told when the recording holds no system call around the change */
  change(sample: PerfSample, seen: Call): void {
    const before = fieldValue(sample, "oldstate")
    const after = fieldValue(sample, "newstate")
    const waiting = this.#tracker.waitingOf(seen.tid)
    if (before === STATE.close && after === STATE.synSent) this.#connect(sample, waiting, seen)
    else if (before === STATE.close && after === STATE.listen) this.#listen(sample, waiting, seen)
    else if (before === STATE.synSent && after === STATE.established && waiting?.role === "connect") {
      // Another connection's answer may come meanwhile.
      const remote = endOf(sample, "daddr", "dport")
      if (waiting.remote?.port === remote.port && waiting.remote.address === remote.address) {
        waiting.local = endOf(sample, "saddr", "sport")
      }
    }
  }

  #connect(sample: PerfSample, waiting: Call | undefined, seen: Call): void {
    const call = waiting?.role === "connect" ? waiting : seen
    describe(sample, call)
    call.remote = endOf(sample, "daddr", "dport")
    const local = endOf(sample, "saddr", "sport")
    // The port is chosen afterwards, unless bind(2) has set it.
    if (local.port > 0) call.local = local
    if (call === seen) this.#tracker.socket(seen)
  }

  #listen(sample: PerfSample, waiting: Call | undefined, seen: Call): void {
    const call = waiting?.role === "listen" ? waiting : seen
    describe(sample, call)
    call.local = endOf(sample, "saddr", "sport")
    if (call !== seen) return
    const listening = seen.as("listen")
    listening.result = 0
    this.#tracker.socket(listening)
  }
}

function describe(sample: PerfSample, call: Call): void {
  call.family = fieldValue(sample, "family")
  const protocol = fieldValue(sample, "protocol")
  call.protocol = Number.isNaN(protocol) ? IPPROTO_TCP : protocol
  if (call.protocol === IPPROTO_TCP) call.type = SOCK_STREAM
}

function endOf(sample: PerfSample, address: string, port: string): SocketEnd {
  const isWide = fieldValue(sample, "family") === AF_INET6
  const bytes = fieldText(sample, isWide ? `${address}_v6` : address)
  const value = fieldValue(sample, port)
  const text = bytes?.length === 16 ? formatIpv6(bytes, 0) : bytes?.length === 4 ? formatIpv4(bytes, 0) : ""
  return { address: text, port: Number.isNaN(value) ? -1 : value, path: NO_BYTES }
}
