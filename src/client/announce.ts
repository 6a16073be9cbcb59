import { toCloneText } from '../codec/clone-text.js'
import { faultOf } from '../core/fault.js'
import { lastEvents } from '../fold/last-events.js'
import { DEVTOOLS_VERSION, registryIn, type AnnouncedStore, type ToPanel } from '../protocol/devtools.js'
import { PANEL_SOURCE } from '../protocol/panel-source.js'
import type { Handle } from './handle.js'
import { loadPart } from './load-part.js'
import type { PanelledStore } from './store.js'

// Writes down that there is this store, where the devtools extension looks; until it does nothing is posted, timed or
// listened to. Returns how to take it back, which also ends what panels were attached.
export function announce(store: PanelledStore, handle: Handle): () => void {
  const registry = registryIn(globalThis)
  const attached = new Set<{ close(): void }>()
  const announced: AnnouncedStore = {
    version: DEVTOOLS_VERSION,
    name: store.name,
    producer: store.producer,
    serve(port) {
      void loadPart(() => import('./serve-panel.js')).then(
        ({ PanelServer }) => {
          const projections = new Map(handle.projections).set(lastEvents.name, lastEvents)
          const source = store[PANEL_SOURCE]([...projections.values()])
          const server = new PanelServer(source, port, () => attached.delete(server))
          attached.add(server)
        },
        (error: unknown) => {
          port.postMessage({ is: 'refused', fault: toCloneText(faultOf(error)) } satisfies ToPanel)
          port.close()
        },
      )
    },
  }
  registry.stores.add(announced)
  registry.onChange?.()
  return () => {
    registry.stores.delete(announced)
    registry.onChange?.()
    for (const server of attached) server.close()
  }
}
