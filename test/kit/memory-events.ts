import fc from 'fast-check'
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

/** The epoch milliseconds of a timestamp made with at(). */
export function millisecondsAfterNoon(timestamp: bigint): number {
  return noon + Number(timestamp - at(0)) / 1e6
}

const ptr = fc.constantFrom(1n, 2n, 3n, 2n ** 53n + 1n, 2n ** 64n - 1n)
const size = fc.integer({ min: 0, max: 200 })

/** Anything that may be recorded, in no order and of little sense: few addresses, so that they meet. */
export const memoryEvents: fc.Arbitrary<MemoryEvent[]> = fc.array(
  fc
    .record({
      type: fc.constantFrom<MemoryEvent['type']>(
        'allocate',
        'allocate',
        'deallocate',
        'reallocate',
        'move',
        'borrow',
        'return',
        'metadata',
        'clone',
      ),
      ptr,
      toPtr: ptr,
      size,
      oldSize: size,
      threadId: fc.integer({ min: 1, max: 3 }),
      ms: fc.integer({ min: 0, max: 50 }),
    })
    .map(({ ms, ...event }) => ({ ...event, timestamp: at(ms) })),
  { maxLength: 40, size: 'max' },
)
