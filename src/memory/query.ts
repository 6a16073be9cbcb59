import { assertAtLeastZero, assertCount, assertText, assertWhole } from './check.js'
import type { Allocation, MemorySnapshot, MemorySummary, ThreadStats } from './state.js'

/** Questions about what is live now. All that are found come, in the order in which they were allocated, unless said otherwise. */
export interface MemoryQuery {
  /** The largest, largest first. */
  top(n: number): Promise<Allocation[]>
  /** The types with the most live allocations. What has no type name is in none. */
  topByCount(n: number): Promise<{ typeName: string; count: number; bytes: number }[]>
  byThread(threadId: number): Promise<Allocation[]>
  threads(): Promise<ThreadStats[]>
  byVariable(name: string): Promise<Allocation[]>
  byType(typeName: string): Promise<Allocation[]>
  /** A scope is named by its variable. */
  byScope(scope: string): Promise<Allocation[]>
  /** Larger, not as large; largest first. */
  largerThan(bytes: number): Promise<Allocation[]>
  /** Live and at least this old at the time of the newest event, oldest first. */
  leaks(minAgeMs: number): Promise<Allocation[]>
  summary(): Promise<MemorySummary>
}

export function createQuery(takeSnapshot: () => Promise<MemorySnapshot>): MemoryQuery {
  const live = async (test: (allocation: Allocation, snapshot: MemorySnapshot) => boolean): Promise<Allocation[]> => {
    const snapshot = await takeSnapshot()
    return Array.from(snapshot.live.values()).filter((allocation) => test(allocation, snapshot))
  }
  const byVariable = async (field: string, name: string): Promise<Allocation[]> => {
    assertText(field, name)
    return live(({ varName }) => varName === name)
  }
  return {
    async top(n) {
      assertCount('n', n)
      return (await live(() => true)).sort(bySize).slice(0, n)
    },
    async topByCount(n) {
      assertCount('n', n)
      const types = new Map<string, { typeName: string; count: number; bytes: number }>()
      for (const { typeName, size } of (await takeSnapshot()).live.values()) {
        if (typeName === undefined) continue
        const type = types.get(typeName) ?? { typeName, count: 0, bytes: 0 }
        types.set(typeName, { typeName, count: type.count + 1, bytes: type.bytes + size })
      }
      return Array.from(types.values())
        .sort((a, b) => b.count - a.count || b.bytes - a.bytes)
        .slice(0, n)
    },
    async byThread(threadId) {
      assertWhole('threadId', threadId)
      return live((allocation) => allocation.threadId === threadId)
    },
    threads: async () => (await takeSnapshot()).threads,
    byVariable: (name) => byVariable('name', name),
    async byType(typeName) {
      assertText('typeName', typeName)
      return live((allocation) => allocation.typeName === typeName)
    },
    byScope: (scope) => byVariable('scope', scope),
    async largerThan(bytes) {
      assertAtLeastZero('bytes', bytes)
      return (await live(({ size }) => size > bytes)).sort(bySize)
    },
    async leaks(minAgeMs) {
      assertAtLeastZero('minAgeMs', minAgeMs)
      const old = await live(({ allocatedAt }, { time }) => time - allocatedAt >= minAgeMs)
      return old.sort((a, b) => a.allocatedAt - b.allocatedAt)
    },
    async summary() {
      const { time: _time, sequence: _sequence, threads: _threads, live: _live, ...summary } = await takeSnapshot()
      return summary
    },
  }
}

function bySize(a: Allocation, b: Allocation): number {
  return b.size - a.size
}
