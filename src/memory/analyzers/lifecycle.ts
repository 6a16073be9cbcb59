import type { Detector, Sighting } from '../detector.js'
import type { Allocation } from '../state.js'
import { isUse } from './access.js'
import { hex, MOST_FINDINGS } from './wording.js'

/** Uses of what was moved away, borrows that are never returned, frees of what is borrowed. */
export function createLifecycleDetector(): Detector {
  // By allocation, which a borrow follows through moves; by address where none is known.
  const borrows = new Map<Allocation | bigint, number[]>()
  const placesOf = ({ event, allocation, fate }: Sighting): (Allocation | bigint)[] => {
    const moved = fate?.was === 'moved' ? fate.allocation : undefined
    return [allocation, moved, event.ptr].filter((place) => place !== undefined)
  }
  return {
    name: 'lifecycle',
    what: 'Uses after a move, frees while borrowed and borrows never returned',
    mostFindings: MOST_FINDINGS,
    see(sighting, report) {
      const { event, sequence, allocation, fate } = sighting
      const { type, ptr } = event
      if (type === 'return') {
        const place = placesOf(sighting).find((own) => borrows.has(own))
        if (place === undefined) return
        const open = borrows.get(place)!
        open.pop()
        if (open.length === 0) borrows.delete(place)
        return
      }
      if (allocation === undefined && fate?.was === 'moved' && (isUse(event) || type === 'deallocate')) {
        const message = `${hex(ptr)} was moved away before this ${type}.`
        report({ severity: 'error', message, ptr, sequence, related: [fate.sequence] })
        return
      }
      // One of a freed address is a use after free, and that alone.
      if (type === 'borrow' && fate === undefined) {
        const place = allocation ?? ptr
        borrows.set(place, [...(borrows.get(place) ?? []), sequence])
      }
      const open = type === 'deallocate' && allocation !== undefined ? borrows.get(allocation) : undefined
      if (open === undefined) return
      borrows.delete(allocation!)
      report({ severity: 'error', message: `${hex(ptr)} was freed while borrowed.`, ptr, sequence, related: open })
    },
    conclude(_aftermath, report) {
      for (const [place, sequences] of borrows) {
        const ptr = typeof place === 'bigint' ? place : place.ptr
        for (const sequence of sequences) {
          report({ severity: 'warning', message: `A borrow of ${hex(ptr)} was never returned.`, ptr, sequence })
        }
      }
    },
  }
}
