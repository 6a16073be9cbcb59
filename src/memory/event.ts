export const MEMORY_EVENT_TYPES = [
  'allocate',
  'deallocate',
  'reallocate',
  'move',
  'borrow',
  'return',
  'metadata',
  'clone',
] as const

export type MemoryEventType = (typeof MEMORY_EVENT_TYPES)[number]

/** Addresses, hashes and timestamps are unsigned integers of 64 bits. */
export interface MemoryEvent {
  type: MemoryEventType
  /** Nanoseconds since the epoch. */
  timestamp: bigint
  ptr: bigint
  /** Bytes; of a reallocation the new ones. 0 where there is none to tell. */
  size: number
  threadId: number
  oldSize?: number
  /** Where a move or clone goes to. */
  toPtr?: bigint
  mutable?: boolean
  varName?: string
  typeName?: string
  callStackHash?: bigint
  threadName?: string
  sourceFile?: string
  sourceLine?: number
  modulePath?: string
  taskId?: number
}

/** Allocates or reallocates. */
export function isAllocation({ type }: MemoryEvent): boolean {
  return type === 'allocate' || type === 'reallocate'
}

export function isDeallocation({ type }: MemoryEvent): boolean {
  return type === 'deallocate'
}

export function isMove({ type }: MemoryEvent): boolean {
  return type === 'move'
}

export function isBorrow({ type }: MemoryEvent): boolean {
  return type === 'borrow'
}

export function isReturn({ type }: MemoryEvent): boolean {
  return type === 'return'
}
