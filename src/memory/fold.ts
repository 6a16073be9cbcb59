import type { Projection } from '../core/projection.js'
import type { MemoryEvent } from './event.js'
import { emptyState, type Allocation, type MemoryState, type ThreadStats } from './state.js'
import { memoryEventOf } from './stored-event.js'

/**
 * The one fold: snapshots, queries, timeline and analyzers are all made of it. Its maps are changed in place: copying a
 * hundred thousand live allocations for every event would take for ever.
 */
export function memoryProjection(topic = 'memory'): Projection<MemoryState> {
  return {
    name: 'tabscribe/memory',
    version: 1,
    topics: [topic],
    initial: emptyState,
    reduce(state, stored) {
      const event = memoryEventOf(stored)
      return event === null ? state : foldMemory(state, event, stored.time)
    },
  }
}

/** Changes the state it is given, and hands it back. `time`: the event's, in epoch milliseconds. */
export function foldMemory(state: MemoryState, event: MemoryEvent, time: number): MemoryState {
  const { ptr, size, toPtr = ptr } = event
  const own = state.live.get(ptr)
  switch (event.type) {
    case 'allocate':
      allocate(state, event, ptr, time)
      break
    case 'clone':
      allocate(state, event, toPtr, time)
      break
    case 'reallocate':
      if (own === undefined) allocate(state, event, ptr, time)
      else {
        state.reallocations++
        release(state, own)
        own.size = size
        describe(own, event)
        occupy(state, own)
      }
      break
    case 'deallocate':
      if (own === undefined) state.unmatchedFrees++
      else {
        state.deallocations++
        threadOf(state, own).deallocations++
        release(state, own)
      }
      break
    case 'move':
      if (own === undefined) break
      state.live.delete(ptr)
      replace(state, toPtr)
      own.ptr = toPtr
      describe(own, event)
      state.live.set(toPtr, own)
      break
    case 'metadata':
      if (own !== undefined) describe(own, event)
      break
    default:
      break
  }
  const thread = state.threads.get(event.threadId)
  if (thread !== undefined && event.threadName !== undefined) thread.threadName = event.threadName
  state.active = state.live.size
  state.time = time
  return state
}

function allocate(state: MemoryState, event: MemoryEvent, ptr: bigint, time: number): void {
  const { size, threadId } = event
  replace(state, ptr)
  const allocation: Allocation = { ptr, size, threadId, allocatedAt: time }
  describe(allocation, event)
  state.allocations++
  threadOf(state, allocation).allocations++
  occupy(state, allocation)
}

// A free that nobody told of: the address would not have been given out again without it.
function replace(state: MemoryState, ptr: bigint): void {
  const replaced = state.live.get(ptr)
  if (replaced !== undefined) release(state, replaced)
}

function occupy(state: MemoryState, allocation: Allocation): void {
  const { ptr, size } = allocation
  const thread = threadOf(state, allocation)
  state.live.set(ptr, allocation)
  state.totalAllocated += size
  state.current += size
  state.peak = Math.max(state.peak, state.current)
  thread.allocated += size
  thread.current += size
  thread.peak = Math.max(thread.peak, thread.current)
}

function release(state: MemoryState, allocation: Allocation): void {
  const { ptr, size } = allocation
  const thread = threadOf(state, allocation)
  state.live.delete(ptr)
  state.totalFreed += size
  state.current -= size
  thread.freed += size
  thread.current -= size
}

function threadOf({ threads }: MemoryState, { threadId }: Allocation): ThreadStats {
  let thread = threads.get(threadId)
  if (thread === undefined) {
    thread = { threadId, allocated: 0, freed: 0, current: 0, peak: 0, allocations: 0, deallocations: 0 }
    threads.set(threadId, thread)
  }
  return thread
}

/** What an event says of an allocation; what it does not say stays. */
function describe(allocation: Allocation, { varName, typeName, threadName, callStackHash }: MemoryEvent): void {
  if (varName !== undefined) allocation.varName = varName
  if (typeName !== undefined) allocation.typeName = typeName
  if (threadName !== undefined) allocation.threadName = threadName
  if (callStackHash !== undefined) allocation.callStackHash = callStackHash
}
