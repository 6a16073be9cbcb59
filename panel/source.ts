import { openExport } from '../src/client/open-export.js'
import type { Projection } from '../src/core/projection.js'
import type { ReadableStore, Store } from '../src/core/store.js'
import { PANEL_SOURCE, PANEL_SOURCE_VERSION, type PanelSource } from '../src/protocol/panel-source.js'

export type PanelTarget = Store | ReadableStore | PanelSource | { file: Blob }
export type Projections = readonly Projection<unknown>[]

/** The source a store hands out, or the object itself where it already is one; null where a file is to be opened first. */
export function panelSourceOf(target: PanelTarget, projections: Projections): PanelSource | null {
  if ('file' in target) return null
  const source = handedOut(target, projections) ?? (isPanelSource(target) ? target : null)
  if (source === null) throw new TypeError('mountPanel needs a store from openStore() or openExport(), or { file }.')
  if (source.version !== PANEL_SOURCE_VERSION) {
    throw new TypeError(
      `This panel speaks version ${PANEL_SOURCE_VERSION}, the store version ${source.version}: load both from one release.`,
    )
  }
  return source
}

/** Closing the source closes the store that the file was opened as. */
export async function openFile(file: Blob, projections: Projections): Promise<PanelSource> {
  const store = await openExport(file)
  const source = handedOut(store, projections)
  if (source === null) throw new TypeError('The opened file gives no source for a panel.')
  return {
    ...source,
    close() {
      source.close()
      void store.close()
    },
  }
}

function handedOut(target: object, projections: Projections): PanelSource | null {
  const hand = (target as { [PANEL_SOURCE]?: unknown })[PANEL_SOURCE]
  return typeof hand === 'function' ? (hand.call(target, projections) as PanelSource) : null
}

function isPanelSource(target: object): target is PanelSource {
  return 'search' in target && typeof target.search === 'function' && 'overview' in target
}
