import type { Projection } from '../core/projection.js'
import type { Store } from '../core/store.js'
import { PANEL_SOURCE_VERSION, type PanelSource } from '../protocol/panel-source.js'
import type { Handle } from './handle.js'
import { loadPart } from './load-part.js'

type Question = Exclude<keyof PanelSource, 'version' | 'store' | 'producer' | 'readOnly' | 'projections' | 'close'>

/** A store of this page as the panel sees it. What answers is loaded when a panel first asks. */
export function panelSourceOf(
  handle: Handle,
  store: Store,
  projections: readonly Projection<unknown>[] | undefined,
): PanelSource {
  let source: Promise<PanelSource> | null = null
  const load = async (): Promise<PanelSource> => {
    const { createPanelSource } = await loadPart(() => import('./panel-source.js'))
    return createPanelSource(handle, store, projections)
  }
  const ask = <Q extends Question>(question: Q): PanelSource[Q] => {
    const later = async (...args: unknown[]): Promise<unknown> => {
      const loaded = await (source ??= load())
      return (loaded[question] as (...args: unknown[]) => Promise<unknown>)(...args)
    }
    // Every question is answered by a promise: what it is of, the source itself types.
    return later as PanelSource[Q]
  }
  return {
    version: PANEL_SOURCE_VERSION,
    store: store.name,
    producer: store.producer,
    readOnly: false,
    projections: projections?.map(({ name }) => name) ?? [],
    overview: ask('overview'),
    search: ask('search'),
    lanes: ask('lanes'),
    neighbour: ask('neighbour'),
    eventAt: ask('eventAt'),
    state: ask('state'),
    changes: ask('changes'),
    counters: ask('counters'),
    memory: ask('memory'),
    health: ask('health'),
    export: ask('export'),
    compact: ask('compact'),
    import: ask('import'),
    clear: ask('clear'),
    close() {},
  }
}
