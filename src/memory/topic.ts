import type { Query } from '../core/event.js'
import type { ReadableStore } from '../core/store.js'
import type { MemoryEvent } from './event.js'
import { memoryEventOf, queryOf } from './stored-event.js'

/** The memory events of one topic, in log order. Whatever else is in the topic is passed over. */
export interface MemoryTopic {
  read(query?: Query): Promise<MemoryEvent[]>
  stream(): AsyncIterable<MemoryEvent>
  count(): Promise<number>
  isEmpty(): Promise<boolean>
  /** Times of the oldest and the newest event. */
  extent(): Promise<{ first: number; last: number } | null>
}

export function createMemoryTopic(store: ReadableStore, name: string): MemoryTopic {
  const topic = store.topic(name)
  return {
    async read(query = {}) {
      const events = []
      for (const stored of await topic.read(queryOf(query))) {
        const event = memoryEventOf(stored)
        if (event !== null) events.push(event)
      }
      return events
    },
    async *stream() {
      for await (const stored of topic.stream()) {
        const event = memoryEventOf(stored)
        if (event !== null) yield event
      }
    },
    count: async () => topic.count(),
    isEmpty: async () => (await topic.latest()) === null,
    async extent() {
      const own = (await store.topics()).find((info) => info.name === name)
      return own === undefined || own.firstTime === null ? null : { first: own.firstTime, last: own.lastTime! }
    },
  }
}
