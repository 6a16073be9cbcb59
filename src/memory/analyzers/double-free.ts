import type { Detector } from '../detector.js'
import { hex, MOST_FINDINGS } from './wording.js'

/** A free of an address that was freed and has not been given out again since. Freeing address 0 does nothing, ever. */
export function createDoubleFreeDetector(): Detector {
  return {
    name: 'double-free',
    what: 'Frees of a freed address',
    mostFindings: MOST_FINDINGS,
    see({ event: { type, ptr }, sequence, allocation, fate }, report) {
      if (type !== 'deallocate' || ptr === 0n || allocation !== undefined || fate?.was !== 'freed') return
      report({
        severity: 'critical',
        message: `${hex(ptr)} was freed again.`,
        ptr,
        sequence,
        related: [fate.sequence],
      })
    },
  }
}
