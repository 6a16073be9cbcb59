import { useEffect, useMemo, useReducer } from 'preact/hooks'
import type { StoredEvent } from '../../src/core/event.js'
import type { PanelSearch } from '../../src/protocol/panel-source.js'
import { RowLoader } from '../model/row-loader.js'

export interface Rows {
  get(rank: number): StoredEvent | undefined
  /** Those that are here, those in sight first. */
  loaded(): Iterable<StoredEvent>
  want(first: number, count: number): void
}

/** Rows of one search, of one generation of its ranks; redraws as they come in. */
export function useRows(search: PanelSearch | null, generation: number, onFault: (error: unknown) => void): Rows {
  const [, redraw] = useReducer((count: number) => count + 1, 0)
  const loader = useMemo(
    () => new RowLoader(search ?? nothing, () => redraw(undefined as never), onFault),
    [search, generation, onFault],
  )
  useEffect(() => () => loader.close(), [loader])
  return loader
}

const nothing: Pick<PanelSearch, 'rows'> = { rows: () => Promise.resolve([]) }
