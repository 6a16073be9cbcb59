import type { ArchivedEvent } from './archive-event.js'
import { Dictionary, type EventColumns } from './columns.js'
import type { PlacedEvents } from './encode.js'

/** Events of any number of producers as columns, at the places they had when they were exported. */
export function columnsOfArchived(events: readonly ArchivedEvent[]): PlacedEvents {
  const count = events.length
  const topics = new Dictionary()
  const types = new Dictionary()
  const producers = new Dictionary()
  const ends = new Uint32Array(count)
  let end = -1
  for (let row = 0; row < count; row++) ends[row] = end += events[row]!.text.length + 1
  const columns: EventColumns = {
    count,
    topic: Uint32Array.from(events, ({ topic }) => topics.indexOf(topic)),
    type: Uint32Array.from(events, ({ type }) => types.indexOf(type)),
    producer: Uint32Array.from(events, ({ producer }) => producers.indexOf(producer)),
    topics: topics.names,
    types: types.names,
    producers: producers.names,
    producerSeq: Float64Array.from(events, ({ producerSeq }) => producerSeq),
    time: Float64Array.from(events, ({ time }) => time),
    weight: events.some(({ weight }) => weight !== 1) ? Float64Array.from(events, ({ weight }) => weight) : null,
    kind: events.some(({ kind }) => kind !== 0) ? Uint8Array.from(events, ({ kind }) => kind) : null,
    text: events.map(({ text }) => text).join(','),
    ends,
    ids: events.some(({ id }) => id !== null) ? events.map(({ id }) => id) : null,
    metas: events.some(({ meta }) => meta !== null) ? events.map(({ meta }) => meta) : null,
    attachments: null,
  }
  return {
    columns,
    sequence: Float64Array.from(events, ({ sequence }) => sequence),
    position: Float64Array.from(events, ({ position }) => position),
  }
}
