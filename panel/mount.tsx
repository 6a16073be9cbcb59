/// <reference types="vite/client" />
import { render } from 'preact'
import type { Projection } from '../src/core/projection.js'
import type { ReadableStore, Store } from '../src/core/store.js'
import { lastEvents } from '../src/fold/last-events.js'
import css from './panel.css?inline'
import { panelSourceOf } from './source.js'
import { Root } from './view/Root.js'

export interface PanelOptions {
  /** 'auto' follows the system. Default 'auto'. */
  theme?: 'auto' | 'light' | 'dark'
  /** What the panel shows as state. Default: the last event of each type. */
  projections?: Projection<unknown>[]
}

/**
 * Shows the panel inside an element, whose size it takes. Reads only, but for what its user confirms.
 *
 * ```ts
 * const panel = mountPanel(document.querySelector('#panel')!, await openStore('shop'))
 * panel.unmount()
 * ```
 */
export function mountPanel(
  element: HTMLElement,
  source: Store | ReadableStore | { file: Blob },
  options: PanelOptions = {},
): { unmount(): void } {
  const projections = [...(options.projections ?? []), lastEvents]
  const mounted = panelSourceOf(source, projections)
  const host = element.ownerDocument.createElement('div')
  host.className = 'tabscribe-panel'
  const shadow = host.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  shadow.adoptedStyleSheets = [sheet]
  element.append(host)
  render(
    <Root
      mounted={mounted}
      file={'file' in source ? source.file : null}
      projections={projections}
      theme={options.theme ?? 'auto'}
    />,
    shadow,
  )

  return {
    unmount() {
      render(null, shadow)
      mounted?.close()
      host.remove()
    },
  }
}
