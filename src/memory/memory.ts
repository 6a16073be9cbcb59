import type { Query } from '../core/event.js'
import { invalidArgument } from '../core/fault.js'
import type { ReadableStore, Store } from '../core/store.js'
import { createAnalysis, type MemoryAnalysis } from './analysis.js'
import { createCapture, type MemoryCapture } from './capture.js'
import { assertMemoryEvent } from './check.js'
import type { MemoryEvent } from './event.js'
import { memoryProjection } from './fold.js'
import { createQuery, type MemoryQuery } from './query.js'
import { snapshotOf, type MemorySnapshot } from './state.js'
import { draftOf } from './stored-event.js'
import { tallyOf } from './tally.js'
import { createTimeline, type MemoryTimeline } from './timeline.js'
import { createMemoryTopic } from './topic.js'

/** What can be asked of memory events, of those in a file too. */
export interface ReadableMemory {
  /** `at`: a store sequence; default the head. */
  snapshot(options?: { at?: number }): Promise<MemorySnapshot>
  /** In log order. Addresses and hashes in `where` are bigints or safe integers. */
  events(query?: Query): Promise<MemoryEvent[]>
  count(): Promise<number>
  /** At least what was recorded through this handle of the store, and what was last heard from the writer. */
  approxCount(): number
  isEmpty(): Promise<boolean>
  readonly query: MemoryQuery
  readonly analysis: MemoryAnalysis
  readonly timeline: MemoryTimeline
}

export interface Memory extends ReadableMemory {
  /** Synchronous, never blocks. Throws only 'invalid-argument' and 'closed'. */
  record(event: MemoryEvent): void
  /** What is recorded after the call is kept. */
  clear(): Promise<void>
  readonly capture: MemoryCapture
}

/** Memory events live in one topic, type = the event's type, time = its timestamp in milliseconds. */
export function openMemory(store: Store, options?: { topic?: string }): Memory
export function openMemory(store: ReadableStore, options?: { topic?: string }): ReadableMemory
export function openMemory(
  store: Store | ReadableStore,
  { topic: name = 'memory' }: { topic?: string } = {},
): Memory | ReadableMemory {
  if (typeof store?.topic !== 'function') throw invalidArgument('store', 'a store', store)
  const topic = createMemoryTopic(store, name)
  const tally = tallyOf(store, name)
  const takeSnapshot = async ({ at }: { at?: number } = {}): Promise<MemorySnapshot> => {
    const { state, sequence } = await store.project(memoryProjection(name), at === undefined ? {} : { at })
    return snapshotOf(state, sequence)
  }
  const readable: ReadableMemory = {
    snapshot: takeSnapshot,
    events: topic.read,
    count: async () => tally.hear(topic.count, (count) => count),
    approxCount: () => tally.count,
    isEmpty: topic.isEmpty,
    query: createQuery(takeSnapshot),
    analysis: createAnalysis(store, name),
    timeline: createTimeline(topic),
  }
  return isStore(store) ? { ...readable, ...writingInto(store, name) } : readable
}

function writingInto(store: Store, name: string): Pick<Memory, 'record' | 'clear' | 'capture'> {
  const topic = store.topic(name)
  const tally = tallyOf(store, name)
  const write = (type: string, data: unknown, time: number): void => {
    topic.record(type, data, { time })
    tally.record()
  }
  return {
    record(event) {
      assertMemoryEvent(event)
      const { type, data, time } = draftOf(event)
      write(type, data, time)
    },
    clear: async () => tally.hear(topic.clear, () => 0),
    capture: createCapture(store, write),
  }
}

function isStore(store: Store | ReadableStore): store is Store {
  return 'flush' in store
}
