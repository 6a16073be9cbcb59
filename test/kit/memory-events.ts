import { memoryEvent, type MemoryEvent, type MemoryEventBuilder } from '../../src/memory.js'

/** Epoch nanoseconds of a time in milliseconds after noon, 1 January 2026. */
export const noon = 1_767_268_800_000
export function at(ms: number): bigint {
  return BigInt(noon + Math.floor(ms)) * 1_000_000n + BigInt(Math.round((ms % 1) * 1e6))
}

/** Events of one thread, a millisecond apart. */
export function script(...events: MemoryEventBuilder[]): MemoryEvent[] {
  return events.map((event, index) => event.withTimestamp(at(index)))
}

export const KIB = 1024
export const MIB = 1024 * KIB
export const { allocate, deallocate, reallocate, move, borrow, metadata, clone } = memoryEvent
export const giveBack = memoryEvent.return
