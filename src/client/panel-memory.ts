import type { Store } from '../core/store.js'
import { openMemory } from '../memory/memory.js'
import type { PanelMemory } from '../protocol/panel-source.js'

const TOP = 50

/** All that the panel shows of memory events, in one answer. */
export async function memoryOf(store: Store, steps: number): Promise<PanelMemory | null> {
  const { timeline, query, analysis, snapshot } = openMemory(store)
  const extent = await timeline.extent()
  if (extent === null) return null
  const { first: since, last } = extent
  const until = last + 1
  const { current, peak, active, allocations, deallocations } = await snapshot()
  return {
    summary: { current, peak, active, allocations, deallocations },
    usage: await timeline.usage({ since, until, everyMs: (until - since) / steps }),
    peak: await timeline.peak(),
    top: await query.top(TOP),
    results: await analysis.run(),
  }
}
