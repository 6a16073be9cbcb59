import { openSegment } from '../codec/decode.js'
import type { PlacedEvents } from '../codec/encode.js'
import type { StoredEvent, TopicInfo } from '../core/event.js'
import type { CounterExport } from '../core/counters.js'
import type { Progress } from '../core/store.js'
import type { CompiledFilter } from '../fold/event-filter.js'
import { matchingRows } from '../fold/matching-rows.js'
import type { ReadRequest } from '../protocol/writer-api.js'
import { pagesOf, type AskPage } from './reading.js'
import { redactEvents } from './redact.js'

export interface ExportTask {
  store: string
  /** Epoch milliseconds. */
  exportedAt: number
  /** Of the newest event there is; -1 when there is none. */
  sequence: number
  /** The store's. */
  topics: TopicInfo[]
  /** Topics without an event in the file are not named in it. */
  hideEmptyTopics?: boolean
  request: ReadRequest
  /** Events expected, for the progress. */
  total: number
  pretty?: boolean | undefined
  counters?: CounterExport | null | undefined
  /** Only what it lets through is in the file. */
  filter?: CompiledFilter | undefined
  redact?: ((event: StoredEvent) => StoredEvent | null) | undefined
  onProgress?: ((progress: Progress) => void) | undefined
  signal?: AbortSignal | undefined
}

/** Events of one segment; `rows` are those to be written, in the order of the file. */
export type VisitEvents = (placed: PlacedEvents, rows: readonly number[]) => void | Promise<void>

// Visits what is to be exported, redacted already, and resolves with how many events there were before. No more than a
// page is held. `bytes` tells what was written by then.
export async function visitExported(
  ask: AskPage,
  task: ExportTask,
  visit: VisitEvents,
  bytes: () => number,
): Promise<number> {
  const { request, total, filter, redact, onProgress, signal } = task
  let done = 0
  for await (const page of pagesOf(ask, request, signal)) {
    for (const slice of page.slices) {
      const segment = openSegment(slice, 'checked')
      const all = slice.rows ? Array.from(slice.rows) : allRows(segment)
      done += all.length
      const rows = filter ? matchingRows(segment, all, filter) : all
      const placed = redact ? redactEvents(segment, rows, redact) : segment
      const written = redact ? allRows(placed) : rows
      await visit(placed, request.direction === 'forward' ? written : written.reverse())
    }
    onProgress?.({ done, total: Math.max(done, total), bytes: bytes() })
  }
  return done
}

function allRows({ columns }: PlacedEvents): number[] {
  return Array.from({ length: columns.count }, (_, row) => row)
}
