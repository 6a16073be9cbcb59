/// <reference types="vite/client" />
import { render } from 'preact'
import type { ReadableStore, Store } from '../src/core/store.js'
import css from './panel.css?inline'
import { panelSourceOf } from './source.js'
import { App } from './view/App.js'

export interface PanelOptions {
  /** 'auto' follows the system. Default 'auto'. */
  theme?: 'auto' | 'light' | 'dark'
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
  source: Store | ReadableStore,
  options: PanelOptions = {},
): { unmount(): void } {
  const panelSource = panelSourceOf(source)
  const host = element.ownerDocument.createElement('div')
  host.className = 'tabscribe-panel'
  const shadow = host.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  shadow.adoptedStyleSheets = [sheet]
  element.append(host)
  render(<App source={panelSource} theme={options.theme ?? 'auto'} />, shadow)

  return {
    unmount() {
      render(null, shadow)
      host.remove()
    },
  }
}
