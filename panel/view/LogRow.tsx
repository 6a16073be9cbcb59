import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { StoredEvent } from '../../src/core/event.js'
import { formatDateTime, formatDelta } from '../model/format.js'
import { preview } from '../model/value-preview.js'
import { Preview } from './Preview.js'

export interface LogRowProps {
  rank: number
  /** Undefined while it is being fetched. */
  event: StoredEvent | undefined
  /** Time of the match before. */
  previousTime: number | null
  isSelected: boolean
  /** Of its topic. */
  color: string | undefined
}

export const rowId = (rank: number): string => `row-${rank}`

export function LogRow({ rank, event, previousTime, isSelected, color }: LogRowProps): JSX.Element {
  const cells = useMemo(
    () => (event === undefined ? null : cellsOf(event, previousTime, color)),
    [event, previousTime, color],
  )
  return (
    <div
      role="row"
      id={rowId(rank)}
      class="row"
      aria-rowindex={rank + 1}
      aria-selected={isSelected}
      data-odd={rank % 2 === 1}
    >
      {cells}
    </div>
  )
}

function cellsOf(event: StoredEvent, previousTime: number | null, color: string | undefined): JSX.Element {
  return (
    <>
      <span role="gridcell" class="cell-seq" aria-describedby="head-seq">
        {event.sequence}
      </span>
      <span role="gridcell" class="cell-delta" aria-describedby="head-delta" title={formatDateTime(event.time)}>
        {previousTime === null ? '' : formatDelta(event.time - previousTime)}
      </span>
      <span
        role="gridcell"
        class="cell-topic"
        aria-describedby="head-topic"
        title={event.topic}
        style={{ '--color': color }}
      >
        {event.topic}
      </span>
      <span role="gridcell" class="cell-type" aria-describedby="head-type" title={event.type}>
        {event.type}
      </span>
      <span role="gridcell" class="cell-data" aria-describedby="head-data">
        {event.data === undefined ? null : <Preview parts={preview(event.data)} />}
      </span>
    </>
  )
}
