import { ColumnBuilder } from '../codec/column-builder.js'
import { Dictionary } from '../codec/columns.js'
import type { PlacedEvents } from '../codec/encode.js'
import { eventsOf } from '../codec/events.js'
import type { StoredEvent } from '../core/event.js'
import { invalidArgument, storeError } from '../core/fault.js'
import { assertDraft } from './check-query.js'

/** What names an event: a file in which it changed could not be read as a log. */
const IDENTITY = ['topic', 'position', 'sequence', 'producer', 'producerSeq'] as const

/** The rows as `redact` leaves them; where it answers null the event is left out. */
export function redactEvents(
  placed: PlacedEvents,
  rows: readonly number[],
  redact: (event: StoredEvent) => StoredEvent | null,
): PlacedEvents {
  const builder = new ColumnBuilder('')
  const kept: Pick<StoredEvent, (typeof IDENTITY)[number]>[] = []
  for (const event of eventsOf(placed, rows)) {
    const { topic, position, sequence, producer, producerSeq } = event
    const redacted = call(redact, event)
    if (redacted === null) continue
    const identity = { topic, position, sequence, producer, producerSeq }
    assertRedacted(redacted, identity)
    const { type, data, time, weight, id, meta } = redacted
    builder.add({ topic, type, data, time, weight, id, meta }, () => producerSeq)
    kept.push(identity)
  }
  const producers = new Dictionary()
  return {
    columns: {
      ...builder.build(),
      producer: Uint32Array.from(kept, ({ producer }) => producers.indexOf(producer)),
      producers: producers.names,
    },
    position: Float64Array.from(kept, ({ position }) => position),
    sequence: Float64Array.from(kept, ({ sequence }) => sequence),
  }
}

function call(redact: (event: StoredEvent) => StoredEvent | null, event: StoredEvent): StoredEvent | null {
  try {
    return redact(event)
  } catch (error) {
    throw storeError(
      'invalid-argument',
      `redact threw (${String(error)}): nothing was exported.`,
      { field: 'redact' },
      error,
    )
  }
}

function assertRedacted(redacted: StoredEvent, identity: Pick<StoredEvent, (typeof IDENTITY)[number]>): void {
  if (typeof redacted !== 'object') throw invalidArgument('redact', 'a function that gives an event or null', redacted)
  assertDraft(redacted)
  for (const field of ['time', 'weight'] as const) {
    if (redacted[field] === undefined) throw invalidArgument('redact', `to give the event's ${field}`, undefined)
  }
  for (const field of IDENTITY) {
    if (redacted[field] === identity[field]) continue
    throw invalidArgument('redact', `to leave the event's ${field} as it is`, redacted[field])
  }
}
