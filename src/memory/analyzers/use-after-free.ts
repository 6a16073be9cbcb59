import type { Detector } from '../detector.js'
import { isUse, isWrite } from './access.js'
import { hex, MOST_FINDINGS } from './wording.js'

/** A borrow, reallocation, move or clone of a freed address. */
export function createUseAfterFreeDetector(): Detector {
  return {
    name: 'use-after-free',
    what: 'Uses of a freed address',
    mostFindings: MOST_FINDINGS,
    see({ event, sequence, allocation, fate }, report) {
      if (!isUse(event) || allocation !== undefined || fate?.was !== 'freed') return
      const { type, ptr } = event
      report({
        severity: isWrite(event) ? 'critical' : 'error',
        message: `${hex(ptr)} was used by a ${type} after it was freed.`,
        ptr,
        sequence,
        related: [fate.sequence],
      })
    },
  }
}
