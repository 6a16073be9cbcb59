import type { StoredEvent } from '../core/event.js'
import { faultOf, type Fault } from '../core/fault.js'
import type { Topic } from '../core/store.js'
import type { Opened } from './opened.js'

/** The newest events of a topic, oldest first. After a fault: those known until then. */
export type TopicView<Event = StoredEvent> =
  | { status: 'loading'; events: Event[]; fault: null }
  | { status: 'live'; events: Event[]; fault: null }
  | { status: 'fault'; events: Event[]; fault: Fault }

export const LOADING_TOPIC: TopicView<never> = { status: 'loading', events: [], fault: null }

/** Shows the newest `last` events, and goes on doing so until it is stopped. */
export function watchTopic(
  opened: Opened,
  name: string,
  last: number,
  types: readonly string[] | undefined,
  show: (view: TopicView) => void,
): () => void {
  const stopping = new AbortController()
  const { signal } = stopping
  const query = types ? { types } : {}
  let events: StoredEvent[] = []

  const showEvents = (): void => {
    if (!signal.aborted) show({ status: 'live', events, fault: null })
  }
  const run = async (): Promise<void> => {
    const store = await opened
    const topic = store.topic(name)
    const readNewest = async (): Promise<StoredEvent[]> =>
      (await topic.read({ ...query, limit: last, direction: 'backward', signal })).reverse()
    if (!('subscribe' in topic)) {
      events = await readNewest()
      return showEvents()
    }
    // Begun anew when events are gone.
    while (!signal.aborted) events = await follow(topic as Topic, readNewest)
  }
  // It listens before it reads: what happens in between is in both, and what is gone is heard of.
  const follow = async (topic: Topic, readNewest: () => Promise<StoredEvent[]>): Promise<StoredEvent[]> => {
    let meanwhile: StoredEvent[] | null = []
    const add = (more: readonly StoredEvent[]): void => {
      if (meanwhile) return void meanwhile.push(...more)
      const newest = events.at(-1)?.position ?? -1
      const unseen = more.filter(({ position }) => position > newest)
      if (unseen.length === 0) return
      events = [...events, ...unseen].slice(-last)
      showEvents()
    }
    const subscription = topic.subscribe(add, { ...query, signal, onRemoved: () => subscription.close() })
    try {
      await subscription.ready
      events = await readNewest()
      const heard = meanwhile
      meanwhile = null
      showEvents()
      add(heard)
      await subscription.closed
    } finally {
      subscription.close()
    }
    return events
  }
  run().catch((error: unknown) => {
    if (!signal.aborted) show({ status: 'fault', events, fault: faultOf(error) })
  })
  return () => stopping.abort()
}
