import type { Detector } from '../detector.js'
import type { MemoryEvent } from '../event.js'
import { hex, MOST_FINDINGS, named } from './wording.js'

/** An access or a free of more bytes than were allocated at the address. */
export function createOverflowDetector(): Detector {
  return {
    name: 'overflow',
    what: 'Accesses or frees past the size of an allocation',
    mostFindings: MOST_FINDINGS,
    see({ event, sequence, allocation }, report) {
      if (allocation === undefined) return
      const { type, ptr } = event
      const bytes = touchedBytes(event) - allocation.size
      if (bytes <= 0) return
      report({
        severity: type === 'deallocate' ? 'error' : 'critical',
        message: `A ${type} reached ${bytes} bytes past the ${allocation.size} at ${hex(ptr)}${named(allocation)}.`,
        ptr,
        bytes,
        sequence,
      })
    },
  }
}

function touchedBytes({ type, size, oldSize = 0 }: MemoryEvent): number {
  switch (type) {
    case 'reallocate':
      return oldSize
    case 'borrow':
    case 'return':
    case 'move':
    case 'clone':
    case 'deallocate':
      return size
    default:
      return 0
  }
}
