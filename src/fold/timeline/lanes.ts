import type { Segment } from '../../codec/decode.js'
import type { TimelineRequest } from '../../protocol/timeline.js'
import type { Counts } from './counts.js'
import { Lane } from './lane.js'

interface Topic {
  /** The position its places are counted from: 32 bits hold them. */
  first: number
  types: Map<string, Lane>
}

type Wanted = Pick<TimelineRequest, 'by' | 'topics' | 'types'>

/** The times of all events of a log, by topic and type. */
export class Lanes {
  events = 0
  count = 0
  /** All below this sequence is in them. */
  end = 0
  readonly #topics = new Map<string, Topic>()

  /** The rows of a segment (null: all of them), behind all that were added before. */
  add({ columns, sequence, position }: Segment, rows: Uint32Array | null): void {
    const found: (Lane | undefined)[] = []
    const length = rows?.length ?? columns.count
    for (let at = 0; at < length; at++) {
      const row = rows ? rows[at]! : at
      const topic = columns.topic ? columns.topic[row]! : 0
      const type = columns.type ? columns.type[row]! : 0
      const key = topic * columns.types.length + type
      const own = this.#topic(columns.topics[topic]!, position[row]!)
      const lane = (found[key] ??= this.#lane(own, columns.types[type]!))
      lane.add(columns.time[row]!, position[row]! - own.first)
    }
    this.events += length
    if (length > 0) this.end = sequence[rows ? rows[length - 1]! : length - 1]! + 1
  }

  /** Of a topic nothing below the position is left, and `count` events: false if that is not so. */
  trim(name: string, first: number, count: number): boolean {
    const topic = this.#topics.get(name)
    if (!topic) return count === 0
    let left = 0
    for (const [type, lane] of topic.types) {
      const before = lane.length
      lane.dropBelow(Math.max(0, first - topic.first))
      this.events += lane.length - before
      left += lane.length
      if (lane.length > 0) continue
      topic.types.delete(type)
      this.count--
    }
    if (left === 0) this.#topics.delete(name)
    return left === count
  }

  countInto(counts: Counts, { by, topics, types }: Wanted): void {
    for (const [topic, own] of this.#topics) {
      if (topics !== null && !topics.includes(topic)) continue
      for (const [type, lane] of own.types) {
        if (types !== null && !types.includes(type)) continue
        lane.countInto(counts.of(by === 'topic' ? topic : type), counts.buckets)
      }
    }
  }

  #topic(name: string, position: number): Topic {
    let topic = this.#topics.get(name)
    if (!topic) this.#topics.set(name, (topic = { first: position, types: new Map() }))
    return topic
  }

  #lane({ types }: Topic, type: string): Lane {
    let lane = types.get(type)
    if (!lane) {
      types.set(type, (lane = new Lane()))
      this.count++
    }
    return lane
  }
}
