import fc from 'fast-check'
import { memoryEvent, type MemoryEventBuilder } from '../../src/memory.js'

/** What a program does next; which of its allocations it does it to is drawn with it. */
interface Step {
  does: 'allocate' | 'free' | 'reallocate' | 'move' | 'borrow' | 'clone' | 'leak' | 'free twice' | 'use freed'
  which: number
  size: number
  threadId: number
}

export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    does: fc.constantFrom<Step['does']>(
      'allocate',
      'allocate',
      'free',
      'reallocate',
      'move',
      'borrow',
      'clone',
      'leak',
      'free twice',
      'use freed',
    ),
    which: fc.nat(1000),
    size: fc.integer({ min: 1, max: 100_000 }),
    threadId: fc.integer({ min: 1, max: 3 }),
  }),
  { maxLength: 60, size: 'max' },
)

/** A program that minds its memory, except where a step says that it does not; addresses are used again all the time. */
export function runProgram(program: readonly Step[]) {
  const events: MemoryEventBuilder[] = []
  const planted = { leak: [] as bigint[], 'double-free': [] as bigint[], 'use-after-free': [] as bigint[] }
  const live = new Map<bigint, number>()
  const free = Array.from({ length: 12 }, (_, n) => BigInt(0x1000 * (n + 1)))
  const freed = new Set<bigint>()
  const pick = <T>(from: readonly T[], which: number): T | undefined => from[which % Math.max(1, from.length)]
  let next = 0x10_0000n
  const takeAddress = (which: number): bigint => {
    const ptr = pick(free, which) ?? next++
    if (free.includes(ptr)) free.splice(free.indexOf(ptr), 1)
    freed.delete(ptr)
    return ptr
  }
  for (const { does, which, size, threadId } of program) {
    const own = pick([...live.keys()], which)
    const wrong = pick([...freed], which)
    if (does === 'allocate') {
      const ptr = takeAddress(which)
      live.set(ptr, size)
      events.push(memoryEvent.allocate(ptr, size, threadId))
    } else if (does === 'leak') {
      const ptr = next++
      planted.leak.push(ptr)
      events.push(memoryEvent.allocate(ptr, size + 1024, threadId))
    } else if (does === 'free twice' && wrong !== undefined) {
      planted['double-free'].push(wrong)
      events.push(memoryEvent.deallocate(wrong, size, threadId))
    } else if (does === 'use freed' && wrong !== undefined) {
      planted['use-after-free'].push(wrong)
      events.push(memoryEvent.borrow(wrong, threadId, which % 2 === 0))
    } else if (own !== undefined) {
      const ownSize = live.get(own)!
      if (does === 'free') {
        live.delete(own)
        freed.add(own)
        free.push(own)
        events.push(memoryEvent.deallocate(own, ownSize, threadId))
      } else if (does === 'reallocate') {
        live.set(own, size)
        events.push(memoryEvent.reallocate(own, ownSize, size, threadId))
      } else if (does === 'move') {
        const to = takeAddress(which)
        live.delete(own)
        live.set(to, ownSize)
        free.push(own)
        events.push(memoryEvent.move(own, to, ownSize, threadId))
      } else if (does === 'clone') {
        const to = takeAddress(which)
        live.set(to, ownSize)
        events.push(memoryEvent.clone(own, to, ownSize, threadId))
      } else if (does === 'borrow') {
        events.push(memoryEvent.borrow(own, threadId, which % 2 === 0), memoryEvent.return(own, threadId))
      }
    }
  }
  for (const [ptr, size] of live) events.push(memoryEvent.deallocate(ptr, size, 1))
  return { events, planted }
}
