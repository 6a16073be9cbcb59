import { selectRows, type EventColumns } from '../codec/columns.js'
import { openSegment } from '../codec/decode.js'
import { Buckets } from '../fold/counter/buckets.js'
import { countEvents } from '../fold/counter/count-events.js'
import { eventIds } from '../fold/counter/event-ids.js'
import type { Layout, Moment } from '../fold/counter/layout.js'
import { requestFor } from '../protocol/writer-api.js'
import type { Recount } from './database.js'
import { readPage, type Reading } from './read.js'

/** What the log's events below a sequence count, by counter. */
export async function recountStep(
  reading: Reading,
  { below, ids }: Recount,
  { layout, now }: { layout: Layout; now: number },
): Promise<Map<string, Buckets>> {
  const counts = new Map<string, Buckets>()
  const tally = tallyOf(counts, layout, now, ids && new Set(ids))
  for (let next: number | null = 0; next !== null;) {
    const page = await readPage(reading, requestFor({ sequences: [next, below] }))
    for (const slice of page.slices) {
      const columns = chosen(openSegment(slice).columns, slice.rows)
      countEvents(tally, columns, eventIds(columns))
    }
    next = page.next
  }
  return counts
}

function chosen(columns: EventColumns, rows: Uint32Array | null): EventColumns {
  return rows ? selectRows(columns, Array.from(rows)) : columns
}

function tallyOf(
  counts: Map<string, Buckets>,
  layout: Layout,
  now: number,
  only: ReadonlySet<string> | null,
): Parameters<typeof countEvents>[0] {
  const [current, oldest] = [layout.at(now), layout.oldestAt(now)]
  return {
    now,
    momentOf: (time) => (time < oldest ? null : layout.at(time)),
    count(id: string, at: Moment | null, count: number, first: number, last: number) {
      if (only && !only.has(id)) return
      let buckets = counts.get(id)
      if (!buckets) counts.set(id, (buckets = new Buckets(layout)))
      if (at !== null) buckets.add(at, current, count, first, last)
    },
  }
}
