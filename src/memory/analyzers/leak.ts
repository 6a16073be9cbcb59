import type { Severity } from '../analyzer.js'
import type { Detector } from '../detector.js'
import { hex, named } from './wording.js'

const KIB = 1024
const MIB = 1024 * KIB
const LEAST_BYTES = KIB

/** What is still live, largest first. */
export function createLeakDetector(): Detector {
  return {
    name: 'leak',
    what: 'Live allocations of 1 KiB or more',
    mostFindings: 100,
    see() {},
    conclude({ state, originOf }, report) {
      const large = Array.from(state.live.values()).filter(({ size }) => size >= LEAST_BYTES)
      for (const allocation of large.sort((a, b) => b.size - a.size)) {
        const { ptr, size } = allocation
        report({
          severity: severityOf(size),
          message: `${size} bytes at ${hex(ptr)}${named(allocation)} are still live.`,
          ptr,
          bytes: size,
          sequence: originOf(allocation),
        })
      }
    },
  }
}

function severityOf(bytes: number): Severity {
  if (bytes >= 10 * MIB) return 'critical'
  if (bytes >= MIB) return 'error'
  return bytes >= 100 * KIB ? 'warning' : 'info'
}
