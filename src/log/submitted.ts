import type { EventColumns } from '../codec/columns.js'
import type { Receipt } from '../core/event.js'
import type { LimitStep } from '../protocol/counters.js'
import type { Outcome } from '../protocol/outcome.js'
import type { Uncounted } from './counter-book.js'

/** One tab's batch on its way into the log. All rows have one producer. */
export interface Submitted {
  columns: EventColumns
  session: string
  append: { topic: string; expect: number | null } | null
  /** What must hold for it to be stored. */
  limit?: LimitStep | null
}

/** Where rows of a batch lie that was committed before: its answer was lost. */
export interface EarlierBatch {
  topic: string
  producer: string
  fromSeq: number
  toSeq: number
}

export interface Appended {
  /** One per batch, in order; a batch that is refused takes nothing from the others. */
  outcomes: Outcome<Receipt | EarlierBatch | null>[]
  events: number
  duplicates: number
  /** Something was counted, or a slot taken: it is stored though it is no event. */
  hasCounted: boolean
  uncounted: Uncounted
}
