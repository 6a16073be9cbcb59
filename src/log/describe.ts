import { startOf } from '../codec/columns.js'
import type { PlacedEvents } from '../codec/encode.js'
import type { SegmentEntry, TopicSpan } from './database.js'

/** What the index keeps of a plain segment that holds these rows. */
export function describeSegment(
  { columns, sequence, position }: PlacedEvents,
  from: number,
  to: number,
  bytes: number,
): SegmentEntry {
  const spans = new Map<number, TopicSpan>()
  const types = new Set<number>()
  let span: TopicSpan | undefined
  let spanTopic = -1
  for (let row = from; row < to; row++) {
    const topic = columns.topic ? columns.topic[row]! : 0
    if (topic !== spanTopic) {
      span = spans.get(topic)
      spanTopic = topic
      if (!span) {
        span = {
          name: columns.topics[topic]!,
          first: position[row]!,
          last: 0,
          count: 0,
          bytes: 0,
          since: Infinity,
          until: -Infinity,
        }
        spans.set(topic, span)
      }
    }
    span!.last = position[row]!
    span!.count++
    span!.bytes += columns.ends[row]! - startOf(columns.ends, row)
    types.add(columns.type ? columns.type[row]! : 0)
    const time = columns.time[row]!
    if (time < span!.since) span!.since = time
    if (time > span!.until) span!.until = time
  }
  const topics = [...spans.values()]
  return {
    first: sequence[from]!,
    last: sequence[to - 1]!,
    count: to - from,
    bytes,
    plainBytes: bytes,
    packed: false,
    since: Math.min(...topics.map((own) => own.since)),
    until: Math.max(...topics.map((own) => own.until)),
    topics,
    types: Array.from(types, (type) => columns.types[type]!),
    hasIds: columns.ids?.slice(from, to).some((id) => id !== null) ?? false,
  }
}
