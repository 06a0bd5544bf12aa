/**
 * How far ahead of UTC the clock is that an export's local times come from, as its own records tell.
 *
 *   "EventReceivedTime":"2020-10-13 00:24:56" "@timestamp":"2020-10-13T04:24:56.495Z"    4 hours behind
 *
 * Source of truth: NXLog's im_msvistalog and the json codec of Logstash, which adds @timestamp when a record arrives.
 */
import { NAMES } from "../names.ts"
import { textOf } from "./json-text.ts"
import type { JsonTree } from "./json-tree.ts"
import { readTime } from "./time-text.ts"

const TIMESTAMP = NAMES.intern("@timestamp")
const RECEIVED = NAMES.intern("EventReceivedTime")
const UTC_TIME = NAMES.intern("UtcTime")
/** Zones are whole quarters of an hour apart. */
const QUARTER_SECONDS = 900
/** Two clocks that mean the same moment are at most so far apart, whatever the zone. */
const CLOSE_SECONDS = 120
/** Beyond a day it is another moment. */
const MAX_SECONDS = 86_400

/**
 * Milliseconds that the record's local clock is ahead of UTC; NaN when it does not tell.
 * @param time of the event, as the record gives it without a zone
 */
export function readZone(tree: JsonTree, record: number, time: string): number {
  const stamp = textOf(tree, tree.find(record, TIMESTAMP))
  const received = between(textOf(tree, tree.find(record, RECEIVED)), stamp)
  if (!Number.isNaN(received)) return received
  const own = between(time, textOf(tree, tree.find(record, UTC_TIME)))
  return Number.isNaN(own) ? between(time, stamp) : own
}

/** How far `local` is ahead of `utc` if both mean the same moment, in ms. */
function between(local: string, utc: string): number {
  const [here, there] = [readTime(local), readTime(utc)]
  if (here === null || there === null || here.hasZone) return Number.NaN
  const ahead = here.second - there.second
  const zone = Math.round(ahead / QUARTER_SECONDS) * QUARTER_SECONDS
  const isClose = Math.abs(ahead - zone) <= CLOSE_SECONDS && Math.abs(zone) <= MAX_SECONDS
  return isClose ? zone * 1000 : Number.NaN
}
