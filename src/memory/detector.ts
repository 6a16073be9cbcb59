import type { StoredEvent } from '../core/event.js'
import { worse, type AnalysisResult, type Finding, type Severity } from './analyzer.js'
import type { MemoryEvent } from './event.js'
import { foldMemory } from './fold.js'
import { emptyState, type Allocation, type MemoryState } from './state.js'
import { memoryEventOf } from './stored-event.js'

/** What became of an address where nothing is live any more. */
export type Fate = { was: 'freed'; sequence: number } | { was: 'moved'; sequence: number; allocation: Allocation }

/** An event, and what there was at its address just before it. An allocation is the same object as long as it lives. */
export interface Sighting {
  event: MemoryEvent
  sequence: number
  allocation: Allocation | undefined
  fate: Fate | undefined
}

/** The end of the log. */
export interface Aftermath {
  state: MemoryState
  /** The sequence of the event that allocated it. */
  originOf(allocation: Allocation): number
}

/** A built-in analyzer: all of them look at the events in one pass. */
export interface Detector {
  readonly name: string
  /** What its findings are, before their number. */
  readonly what: string
  /** Beyond them findings are only counted. */
  readonly mostFindings: number
  see(sighting: Sighting, report: (finding: Finding) => void): void
  /** What can be told only at the end. */
  conclude?(aftermath: Aftermath, report: (finding: Finding) => void): void
}

/** Folds the events once, and shows each to every detector before it is folded. */
export async function detect(
  detectors: readonly Detector[],
  events: AsyncIterable<StoredEvent>,
): Promise<AnalysisResult[]> {
  const reports = detectors.map((detector) => new Report(detector))
  const state = emptyState()
  const fates = new Map<bigint, Fate>()
  const origins = new Map<Allocation, number>()
  for await (const stored of events) {
    const event = memoryEventOf(stored)
    if (event === null) continue
    const { sequence } = stored
    const { type, ptr, toPtr = ptr } = event
    const allocation = state.live.get(ptr)
    const sighting: Sighting = { event, sequence, allocation, fate: fates.get(ptr) }
    for (const { detector, add } of reports) detector.see(sighting, add)
    foldMemory(state, event, stored.time)
    if (type === 'deallocate' && sighting.fate?.was !== 'moved') fates.set(ptr, { was: 'freed', sequence })
    if (type === 'move' && allocation !== undefined) fates.set(ptr, { was: 'moved', sequence, allocation })
    for (const address of [ptr, toPtr]) {
      const live = state.live.get(address)
      if (live === undefined) continue
      fates.delete(address)
      if (!origins.has(live)) origins.set(live, sequence)
    }
    if (allocation !== undefined && state.live.get(allocation.ptr) !== allocation) origins.delete(allocation)
  }
  const aftermath: Aftermath = { state, originOf: (allocation) => origins.get(allocation)! }
  return reports.map(({ detector, add, result }) => {
    detector.conclude?.(aftermath, add)
    return result()
  })
}

class Report {
  readonly detector: Detector
  readonly #findings: Finding[] = []
  #severity: Severity = 'info'
  #count = 0

  constructor(detector: Detector) {
    this.detector = detector
  }

  readonly add = (finding: Finding): void => {
    this.#severity = worse(this.#severity, finding.severity)
    if (++this.#count <= this.detector.mostFindings) this.#findings.push(finding)
  }

  readonly result = (): AnalysisResult => {
    const { name, what } = this.detector
    return {
      analyzer: name,
      severity: this.#severity,
      count: this.#count,
      description: `${what}: ${this.#count === 0 ? 'none' : this.#count.toLocaleString('en')}.`,
      findings: this.#findings,
    }
  }
}
