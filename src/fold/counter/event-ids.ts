import type { EventColumns } from '../../codec/columns.js'

/** Under which counters the events of some columns count. */
export interface EventIds {
  ids: string[]
  /** Of each row, which of them; null: all the first. */
  at: Uint32Array | null
}

/** The counter of a topic's events of a type: no two share one. */
export function eventId(topic: string, type: string): string {
  return `${encoded(topic)}/${encoded(type)}`
}

export function eventIds({ count, topics, types, topic, type }: EventColumns): EventIds {
  if (count === 0) return { ids: [], at: null }
  if (topic === null) return { ids: types.map((name) => eventId(topics[0]!, name)), at: type }
  if (type === null) return { ids: topics.map((name) => eventId(name, types[0]!)), at: topic }
  const ids: string[] = []
  const known = new Map<number, number>()
  const at = new Uint32Array(count)
  for (let row = 0; row < count; row++) {
    const pair = topic[row]! * types.length + type[row]!
    let index = known.get(pair)
    if (index === undefined) {
      index = ids.push(eventId(topics[topic[row]!]!, types[type[row]!]!)) - 1
      known.set(pair, index)
    }
    at[row] = index
  }
  return { ids, at }
}

function encoded(name: string): string {
  return name.replace(/[%/]/g, (reserved) => (reserved === '/' ? '%2F' : '%25'))
}
