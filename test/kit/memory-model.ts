import type { MemoryEvent, MemorySnapshot } from '../../src/memory.js'
import { millisecondsAfterNoon } from './memory-events.js'

interface Held {
  ptr: bigint
  size: number
  threadId: number
  allocatedAt: number
}

/** The folding rules as plainly as they can be said: everything is added up anew from a list of what was ever held. */
export function plainFold(events: readonly MemoryEvent[]): Partial<MemorySnapshot> {
  let live: Held[] = []
  const gone: Held[] = []
  const steps: number[] = []
  const threadSteps = new Map<number, number[]>()
  const counts = { allocations: 0, deallocations: 0, reallocations: 0, unmatchedFrees: 0 }
  const frees: number[] = []
  const allocators: number[] = []
  const drop = (ptr: bigint): void => {
    gone.push(...live.filter((own) => own.ptr === ptr))
    live = live.filter((own) => own.ptr !== ptr)
  }
  const allocate = (ptr: bigint, { size, threadId, timestamp }: MemoryEvent): void => {
    drop(ptr)
    live.push({ ptr, size, threadId, allocatedAt: millisecondsAfterNoon(timestamp) })
    counts.allocations++
    allocators.push(threadId)
  }
  for (const event of events) {
    const own = live.find(({ ptr }) => ptr === event.ptr)
    if (event.type === 'allocate' || (event.type === 'reallocate' && !own)) allocate(event.ptr, event)
    else if (event.type === 'clone') allocate(event.toPtr!, event)
    else if (event.type === 'reallocate') {
      gone.push({ ...own! })
      own!.size = event.size
      counts.reallocations++
    } else if (event.type === 'deallocate') {
      if (own) {
        frees.push(own.threadId)
        counts.deallocations++
        drop(own.ptr)
      } else counts.unmatchedFrees++
    } else if (event.type === 'move' && own && event.toPtr !== event.ptr) {
      drop(event.toPtr!)
      live = [...live.filter((other) => other !== own), { ...own, ptr: event.toPtr! }]
    }
    steps.push(sum(live))
    for (const threadId of new Set(allocators)) {
      const before = threadSteps.get(threadId) ?? []
      threadSteps.set(threadId, [...before, sum(live.filter((held) => held.threadId === threadId))])
    }
  }
  const of = (held: readonly Held[], threadId: number) => held.filter((one) => one.threadId === threadId)
  return {
    ...counts,
    current: sum(live),
    active: live.length,
    peak: Math.max(0, ...steps),
    totalFreed: sum(gone),
    totalAllocated: sum(gone) + sum(live),
    live: new Map(live.map((held) => [held.ptr, held])),
    threads: Array.from(new Set(allocators))
      .sort((a, b) => a - b)
      .map((threadId) => ({
        threadId,
        allocated: sum(of(gone, threadId)) + sum(of(live, threadId)),
        freed: sum(of(gone, threadId)),
        current: sum(of(live, threadId)),
        peak: Math.max(...threadSteps.get(threadId)!),
        allocations: allocators.filter((own) => own === threadId).length,
        deallocations: frees.filter((own) => own === threadId).length,
      })),
  }
}

function sum(held: readonly Held[]): number {
  return held.reduce((bytes, { size }) => bytes + size, 0)
}
