import type { EventColumns } from '../../codec/columns.js'
import type { EventIds } from './event-ids.js'
import type { Moment } from './layout.js'

/** Where events are counted. */
export interface Tally {
  readonly now: number
  /** Null: too long ago. */
  momentOf(time: number): Moment | null
  count(id: string, at: Moment | null, count: number, first: number, last: number): void
}

// Most events of a batch share one moment: each counter is told once for all of its own.
export function countEvents(tally: Tally, { count, time, weight }: EventColumns, { ids, at }: EventIds): void {
  const sums = new Float64Array(ids.length)
  const firsts = new Float64Array(ids.length)
  const lasts = new Float64Array(ids.length)
  let counted: number[] = []
  let moment: Moment | null = null
  let [start, end] = [Infinity, -Infinity]
  const tell = (): void => {
    for (const own of counted) {
      tally.count(ids[own]!, moment, sums[own]!, firsts[own]!, lasts[own]!)
      sums[own] = 0
    }
    counted = []
  }
  for (let row = 0; row < count; row++) {
    const when = Math.min(time[row]!, tally.now)
    if (!(when >= start && when < end)) {
      tell()
      moment = tally.momentOf(when)
      start = moment ? moment.start : -Infinity
      end = moment ? moment.end : when + 1
    }
    const own = at ? at[row]! : 0
    if (sums[own] === 0) {
      counted.push(own)
      firsts[own] = lasts[own] = when
    } else if (when < firsts[own]!) firsts[own] = when
    else if (when > lasts[own]!) lasts[own] = when
    sums[own]! += weight ? weight[row]! : 1
  }
  tell()
}
