import type { Finding } from '../analyzer.js'
import type { Detector } from '../detector.js'
import { isUse, isWrite } from './access.js'
import { hex, MOST_FINDINGS } from './wording.js'

const WINDOW_NS = 1_000n

interface Access {
  timestamp: bigint
  threadId: number
  writes: boolean
  sequence: number
}

/**
 * Two threads at one address within a microsecond, one of them writing. Allocating and freeing are no accesses, and an
 * address given out anew is another one.
 */
export function createDataRaceDetector(): Detector {
  const accesses = new Map<bigint, Access[]>()
  const settle = (ptr: bigint, report: (finding: Finding) => void): void => {
    const own = accesses.get(ptr)
    if (own === undefined) return
    accesses.delete(ptr)
    for (const { later, earlier } of conflictsIn(own)) {
      const both = later.writes && earlier.writes
      report({
        severity: both ? 'critical' : 'error',
        message: `Threads ${earlier.threadId} and ${later.threadId} were at ${hex(ptr)} at once, ${both ? 'both' : 'one of them'} writing.`,
        ptr,
        sequence: later.sequence,
        related: [earlier.sequence],
      })
    }
  }
  return {
    name: 'data-race',
    what: 'Accesses by two threads at once, at least one writing',
    mostFindings: MOST_FINDINGS,
    see({ event, sequence }, report) {
      const { type, ptr, toPtr, timestamp, threadId } = event
      if (type === 'allocate') settle(ptr, report)
      if (toPtr !== undefined) settle(toPtr, report)
      if (!isUse(event)) return
      const own = accesses.get(ptr)
      const access: Access = { timestamp, threadId, writes: isWrite(event), sequence }
      if (own === undefined) accesses.set(ptr, [access])
      else own.push(access)
    },
    conclude(_aftermath, report) {
      for (const ptr of accesses.keys()) settle(ptr, report)
    },
  }
}

// One for each access that conflicts with an earlier one. Threads reach the log in another order than they ran in.
function* conflictsIn(accesses: Access[]): Generator<{ earlier: Access; later: Access }> {
  accesses.sort((a, b) => (a.timestamp < b.timestamp ? -1 : a.timestamp > b.timestamp ? 1 : 0))
  for (let at = 1; at < accesses.length; at++) {
    const later = accesses[at]!
    for (let before = at - 1; before >= 0; before--) {
      const earlier = accesses[before]!
      if (later.timestamp - earlier.timestamp > WINDOW_NS) break
      if (earlier.threadId === later.threadId || !(earlier.writes || later.writes)) continue
      yield { earlier, later }
      break
    }
  }
}
