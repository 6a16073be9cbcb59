export interface Allocation {
  ptr: bigint
  size: number
  /** Of the first allocation, like allocatedAt: kept through reallocations and moves. */
  threadId: number
  /** Epoch milliseconds. */
  allocatedAt: number
  varName?: string
  typeName?: string
  threadName?: string
  callStackHash?: bigint
}

/** Bytes and frees belong to the thread that allocated. */
export interface ThreadStats {
  threadId: number
  threadName?: string
  allocated: number
  freed: number
  current: number
  peak: number
  allocations: number
  deallocations: number
}

/** Bytes, and how often. current = totalAllocated - totalFreed, always. */
export interface MemorySummary {
  /** A reallocation adds its new size here and its old one to totalFreed; so does what is replaced. */
  totalAllocated: number
  totalFreed: number
  current: number
  peak: number
  /** Live allocations. */
  active: number
  allocations: number
  /** Those that freed something; the others are unmatchedFrees. */
  deallocations: number
  reallocations: number
  unmatchedFrees: number
}

/** What the events up to a place in the log add up to. */
export interface MemoryState extends MemorySummary {
  /** Of the newest event folded, 0 when there is none. */
  time: number
  threads: Map<number, ThreadStats>
  live: Map<bigint, Allocation>
}

export interface MemorySnapshot extends MemorySummary {
  time: number
  /** Of the newest event folded, -1 when there is none. */
  sequence: number
  /** Of the threads that allocated, by their ids. */
  threads: ThreadStats[]
  /** Live allocations by address. */
  live: ReadonlyMap<bigint, Allocation>
}

export function emptyState(): MemoryState {
  return {
    time: 0,
    totalAllocated: 0,
    totalFreed: 0,
    current: 0,
    peak: 0,
    active: 0,
    allocations: 0,
    deallocations: 0,
    reallocations: 0,
    unmatchedFrees: 0,
    threads: new Map(),
    live: new Map(),
  }
}

export function snapshotOf({ threads, ...state }: MemoryState, sequence: number): MemorySnapshot {
  const byId = Array.from(threads.values()).sort((a, b) => a.threadId - b.threadId)
  return { ...state, sequence, threads: byId }
}
