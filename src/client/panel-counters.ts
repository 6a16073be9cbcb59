import type { ReadableCounters } from '../core/counters.js'
import type { LimitState } from '../fold/counter/limit.js'
import type { CountersRequest, PanelCounters } from '../protocol/panel-source.js'
import type { Connection } from './connection.js'

/** Counters whose id holds the text, in the order of their ids, with their buckets of one unit; and how limits stand. */
export async function countersOf(
  counters: ReadableCounters,
  connection: Connection,
  { unit: wanted, containing, limit }: CountersRequest,
): Promise<PanelCounters> {
  const tracked = counters.trackedIntervals()
  const interval = tracked.find(({ unit }) => unit === wanted) ?? tracked[0]
  const ids = (await counters.ids()).filter((id) => id.includes(containing)).sort()
  // The writer answers a question as it is declared.
  const limits = (await connection.call('counterAsk', 'limits', [])) as LimitState[]
  if (interval === undefined) return { tracked, unit: null, total: ids.length, counters: [], limits }
  const { unit, buckets: length } = interval
  const found = await Promise.all(
    ids.slice(0, limit).map(async (id) => {
      const query = counters.query(id)
      const [buckets, ever] = await Promise.all([query.range(unit, 0, length).buckets(), query.ever().sum()])
      return { id, buckets: buckets ?? [], ever: ever ?? 0 }
    }),
  )
  return { tracked, unit, total: ids.length, counters: found, limits }
}
