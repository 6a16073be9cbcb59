/** Times in epoch milliseconds, half-open; default the extent of the store, which ends 1 ms after its latest event. Either so many
 *  buckets of equal width, or as many as it takes of a width. */
export type TimelineOptions = {
  since?: number
  until?: number
  /** What makes a lane. Default 'topic'. */
  by?: 'topic' | 'type'
  topics?: string[]
  types?: string[]
  /** As in a query: the log is read through for it. */
  where?: Record<string, unknown>
  signal?: AbortSignal
} & ({ everyMs: number; buckets?: never } | { buckets: number; everyMs?: never })

/** How many events (whatever their weight) there were in each bucket. */
export interface Timeline {
  since: number
  /** With `everyMs` the last bucket may reach beyond it; nothing beyond is counted. */
  until: number
  everyMs: number
  /** By key; those without an event in the range are left out. */
  lanes: { key: string; counts: Uint32Array; total: number }[]
}
