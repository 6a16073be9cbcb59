import type { StoredEvent } from '../core/event.js'
import type { ReadableStore, Snapshot } from '../core/store.js'

export interface Projection<S> {
  name: string
  version: number
  topics?: string[]
  initial(): S
  reduce(state: S, event: StoredEvent): S
}

/** The state after the event with the sequence `at`; default the newest. */
export async function project<S>(
  store: Pick<ReadableStore | Snapshot, 'stream'>,
  { topics, initial, reduce }: Projection<S>,
  at = Infinity,
): Promise<{ state: S; sequence: number }> {
  let state = initial()
  let sequence = -1
  for await (const event of store.stream({ ...(topics ? { topics } : {}), to: at + 1 })) {
    state = reduce(state, event)
    sequence = event.sequence
  }
  return { state, sequence }
}
