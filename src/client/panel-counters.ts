import type { ReadableCounters } from '../core/counters.js'
import type { CountersRequest, PanelCounters } from '../protocol/panel-source.js'

/** Counters whose id holds the text, in the order of their ids, with their buckets of one unit. */
export async function countersOf(
  counters: ReadableCounters,
  { unit: wanted, containing, limit }: CountersRequest,
): Promise<PanelCounters> {
  const tracked = counters.trackedIntervals()
  const interval = tracked.find(({ unit }) => unit === wanted) ?? tracked[0]
  const ids = (await counters.ids()).filter((id) => id.includes(containing)).sort()
  if (interval === undefined) return { tracked, unit: null, total: ids.length, counters: [] }
  const { unit, buckets: length } = interval
  const found = await Promise.all(
    ids.slice(0, limit).map(async (id) => {
      const query = counters.query(id)
      const [buckets, ever] = await Promise.all([query.range(unit, 0, length).buckets(), query.ever().sum()])
      return { id, buckets: buckets ?? [], ever: ever ?? 0 }
    }),
  )
  return { tracked, unit, total: ids.length, counters: found }
}
