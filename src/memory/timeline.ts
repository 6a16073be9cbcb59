import type { Query } from '../core/event.js'
import { invalidArgument } from '../core/fault.js'
import { asUnsigned64, assertText, assertTime, assertWhole } from './check.js'
import { millisecondsOf } from './clock.js'
import type { MemoryEvent } from './event.js'
import { foldMemory } from './fold.js'
import { createReplay, type Replay } from './replay.js'
import { emptyState } from './state.js'
import type { MemoryTopic } from './topic.js'

const MOST_STEPS = 1_000_000

/** In the order of timestamps, ties in log order. Times are epoch milliseconds, ranges half-open. */
export interface MemoryTimeline {
  range(since: number, until: number): Promise<MemoryEvent[]>
  /** As ptr or toPtr. */
  forPtr(ptr: bigint | number): Promise<MemoryEvent[]>
  forThread(threadId: number): Promise<MemoryEvent[]>
  /** A scope is named by its variable. */
  forScope(name: string): Promise<MemoryEvent[]>
  forTask(taskId: number): Promise<MemoryEvent[]>
  /** Live bytes just before the end of each step; `time` is its start. The last step ends at `until`. At most 1,000,000 steps. */
  usage(options: { since: number; until: number; everyMs: number }): Promise<{ time: number; bytes: number }[]>
  /** When the most bytes were live, first: at `since`, or after an event of the range. Null when nothing was, and nothing happened. */
  peak(options?: { since?: number; until?: number }): Promise<{ time: number; bytes: number } | null>
  /** Events per second, from `since` or the first event to `until` or the last one; 0 over a zero span. */
  rate(options?: { since?: number; until?: number }): Promise<number>
  /** Times of the first and the last event. */
  extent(): Promise<{ first: number; last: number } | null>
  replay(): Promise<Replay>
}

export function createTimeline({ read, stream, extent }: MemoryTopic): MemoryTimeline {
  const ordered = async (query: Query = {}): Promise<MemoryEvent[]> => byTimestamp(await read(query))
  const where = (field: string, value: unknown): Promise<MemoryEvent[]> => ordered({ where: { [field]: value } })
  return {
    async range(since, until) {
      assertTime('since', since)
      assertTime('until', until)
      return ordered({ since, until })
    },
    async forPtr(ptr) {
      const address = asUnsigned64('ptr', ptr)
      const events = []
      for await (const event of stream()) if (event.ptr === address || event.toPtr === address) events.push(event)
      return byTimestamp(events)
    },
    async forThread(threadId) {
      assertWhole('threadId', threadId)
      return where('threadId', threadId)
    },
    async forScope(name) {
      assertText('name', name)
      return where('varName', name)
    },
    async forTask(taskId) {
      assertWhole('taskId', taskId)
      return where('taskId', taskId)
    },
    async usage({ since, until, everyMs }) {
      assertFinite('since', since)
      assertFinite('until', until)
      assertFinite('everyMs', everyMs)
      if (everyMs <= 0) throw invalidArgument('everyMs', 'more than 0 milliseconds', everyMs)
      const steps = Math.max(0, Math.ceil((until - since) / everyMs))
      if (steps > MOST_STEPS) {
        throw invalidArgument('everyMs', `long enough for at most ${MOST_STEPS} steps of the range`, everyMs)
      }
      const levels = levelsOf(await ordered({ until }))
      let bytes = 0
      let level = levels.next()
      return Array.from({ length: steps }, (_, step) => {
        const end = Math.min(since + (step + 1) * everyMs, until)
        for (; !level.done && level.value.time < end; level = levels.next()) bytes = level.value.bytes
        return { time: since + step * everyMs, bytes }
      })
    },
    async peak({ since = -Infinity, until = Infinity } = {}) {
      assertTime('since', since)
      assertTime('until', until)
      if (since >= until) return null
      let carried = 0
      let highest: { time: number; bytes: number } | null = null
      for (const level of levelsOf(await ordered({ until }))) {
        if (level.time < since) {
          carried = level.bytes
          highest = carried > 0 ? { time: since, bytes: carried } : null
        } else if (highest === null || level.bytes > highest.bytes) highest = level
      }
      return highest
    },
    async rate({ since = -Infinity, until = Infinity } = {}) {
      assertTime('since', since)
      assertTime('until', until)
      const events = await ordered({ since, until })
      if (events.length === 0) return 0
      const first = Number.isFinite(since) ? since : millisecondsOf(events[0]!.timestamp)
      const last = Number.isFinite(until) ? until : millisecondsOf(events.at(-1)!.timestamp)
      return last > first ? (events.length / (last - first)) * 1000 : 0
    },
    extent,
    replay: async () => createReplay(await ordered()),
  }
}

/** Live bytes after each event. */
function* levelsOf(events: readonly MemoryEvent[]): Generator<{ time: number; bytes: number }, undefined> {
  const state = emptyState()
  for (const event of events) {
    const time = millisecondsOf(event.timestamp)
    yield { time, bytes: foldMemory(state, event, time).current }
  }
}

// Sorting is stable: ties stay in log order.
function byTimestamp(events: MemoryEvent[]): MemoryEvent[] {
  return events.sort((a, b) => (a.timestamp < b.timestamp ? -1 : a.timestamp > b.timestamp ? 1 : 0))
}

function assertFinite(field: string, value: unknown): void {
  if (!Number.isFinite(value)) throw invalidArgument(field, 'a finite number of milliseconds', value)
}
