import type { Severity } from '../analyzer.js'
import type { Detector, Sighting } from '../detector.js'
import { hex, MOST_FINDINGS } from './wording.js'

/** No machine gives as much in one piece. */
const ABSURD_BYTES = 64 * 2 ** 30

/** What no allocator in its right mind is asked for: one finding an event. */
export function createSafetyDetector(): Detector {
  return {
    name: 'safety',
    what: 'Suspicious addresses or sizes',
    mostFindings: MOST_FINDINGS,
    see(sighting, report) {
      const found = suspicionOf(sighting)
      if (found === null) return
      const { event, sequence } = sighting
      report({ ...found, ptr: event.ptr, bytes: event.size, sequence })
    },
  }
}

function suspicionOf({ event, allocation, fate }: Sighting): { severity: Severity; message: string } | null {
  const { type, ptr, toPtr, size } = event
  if (type === 'deallocate') {
    if (ptr === 0n) return { severity: 'info', message: 'Address 0 was freed, which does nothing.' }
    if (allocation !== undefined || fate !== undefined) return null
    // It may have been allocated before the recording began.
    return { severity: 'warning', message: `${hex(ptr)} was freed and never seen before.` }
  }
  if (ptr === 0n || toPtr === 0n) return { severity: 'error', message: `A ${type} used address 0.` }
  if (type !== 'allocate' && type !== 'reallocate' && type !== 'clone') return null
  if (size === 0) return { severity: 'info', message: `A ${type} at ${hex(ptr)} asked for 0 bytes.` }
  if (size < ABSURD_BYTES) return null
  return { severity: 'error', message: `A ${type} at ${hex(ptr)} asked for ${size} bytes.` }
}
