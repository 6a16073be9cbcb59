import type { ReadableStore, Store } from '../src/core/store.js'
import { PANEL_SOURCE, PANEL_SOURCE_VERSION, type PanelSource } from '../src/protocol/panel-source.js'

export type PanelTarget = Store | ReadableStore | PanelSource

/** The source a store hands out, or the object itself where it already is one. */
export function panelSourceOf(target: PanelTarget): PanelSource {
  const source = handedOut(target) ?? (isPanelSource(target) ? target : null)
  if (source === null) throw new TypeError('mountPanel needs a store from openStore() or openExport().')
  if (source.version !== PANEL_SOURCE_VERSION) {
    throw new TypeError(
      `This panel speaks version ${PANEL_SOURCE_VERSION}, the store version ${source.version}: load both from one release.`,
    )
  }
  return source
}

function handedOut(target: object): PanelSource | null {
  const hand = (target as { [PANEL_SOURCE]?: unknown })[PANEL_SOURCE]
  return typeof hand === 'function' ? (hand.call(target) as PanelSource) : null
}

function isPanelSource(target: object): target is PanelSource {
  return 'search' in target && typeof target.search === 'function' && 'overview' in target
}
