import type { MemoryEvent } from '../event.js'

/** Returning a borrow uses nothing. */
export function isUse({ type }: MemoryEvent): boolean {
  return type === 'borrow' || type === 'reallocate' || type === 'move' || type === 'clone'
}

export function isWrite({ type, mutable }: MemoryEvent): boolean {
  return type === 'reallocate' || type === 'move' || (type === 'borrow' && mutable === true)
}
