import { invalidArgument } from '../core/fault.js'
import type { ReadableStore } from '../core/store.js'
import type { AnalysisResult, Analyzer } from './analyzer.js'
import { createDataRaceDetector } from './analyzers/data-race.js'
import { createDoubleFreeDetector } from './analyzers/double-free.js'
import { createLeakDetector } from './analyzers/leak.js'
import { createLifecycleDetector } from './analyzers/lifecycle.js'
import { createOverflowDetector } from './analyzers/overflow.js'
import { createSafetyDetector } from './analyzers/safety.js'
import { createUseAfterFreeDetector } from './analyzers/use-after-free.js'
import { detect, type Detector } from './detector.js'
import type { MemoryEvent } from './event.js'
import { memoryProjection } from './fold.js'
import { snapshotOf } from './state.js'
import { memoryEventOf } from './stored-event.js'

export interface MemoryAnalysis {
  /** All of them by default. What an analyzer of one's own throws rejects as it is. */
  run(names?: string[]): Promise<AnalysisResult[]>
  /** For this object; its name must be free. */
  register(analyzer: Analyzer): void
  names(): string[]
}

const createDetectors = (): Detector[] => [
  createLeakDetector(),
  createUseAfterFreeDetector(),
  createDoubleFreeDetector(),
  createOverflowDetector(),
  createDataRaceDetector(),
  createLifecycleDetector(),
  createSafetyDetector(),
]

export function createAnalysis(store: ReadableStore, topic: string): MemoryAnalysis {
  const builtIn = createDetectors().map(({ name }) => name)
  const registered = new Map<string, Analyzer>()
  const names = (): string[] => [...builtIn, ...registered.keys()]
  return {
    names,
    register(analyzer) {
      const { name, analyze } = analyzer ?? {}
      if (typeof name !== 'string' || name === '')
        throw invalidArgument('name', 'a string of at least 1 character', name)
      if (names().includes(name)) throw invalidArgument('name', 'that of no other analyzer', name)
      if (typeof analyze !== 'function') throw invalidArgument('analyze', 'a function', analyze)
      registered.set(name, analyzer)
    },
    async run(wanted = names()) {
      if (!Array.isArray(wanted)) throw invalidArgument('names', 'a list of names', wanted)
      const unknown = wanted.find((name) => !names().includes(name))
      if (unknown !== undefined) throw invalidArgument('names', `some of ${names().join(', ')}`, unknown)
      const results = new Map<string, AnalysisResult>()
      // All of them look at the same events.
      const view = await store.snapshot({ topics: [topic] })
      try {
        const detectors = createDetectors().filter(({ name }) => wanted.includes(name))
        if (detectors.length > 0) {
          for (const result of await detect(detectors, view.stream())) results.set(result.analyzer, result)
        }
        const own = wanted.flatMap((name) => registered.get(name) ?? [])
        for (const analyzer of new Set(own)) {
          const { state, sequence } = await view.project(memoryProjection(topic))
          results.set(analyzer.name, await analyzer.analyze(snapshotOf(state, sequence), eventsOf(view.stream())))
        }
      } finally {
        view.close()
      }
      return wanted.map((name) => results.get(name)!)
    },
  }
}

async function* eventsOf(stream: ReturnType<ReadableStore['stream']>): AsyncGenerator<MemoryEvent> {
  for await (const stored of stream) {
    const event = memoryEventOf(stored)
    if (event !== null) yield event
  }
}
