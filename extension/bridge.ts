import { DEVTOOLS, isRegistry, type AnnouncedStore, type DevtoolsRegistry } from '../src/protocol/devtools.js'
import { isGreeting, isToBridge, type FromBridge, type Greeting } from './messages.js'

// Runs in the page's own world, where the stores are announced, and hands the content script a port to each. A page
// that has none yet gets the place to announce them, so that a library that loads late is heard of.

const scope = globalThis as { [DEVTOOLS]?: unknown }
const registry: DevtoolsRegistry = isRegistry(scope[DEVTOOLS])
  ? scope[DEVTOOLS]
  : { stores: new Set<AnnouncedStore>(), onChange: null }
scope[DEVTOOLS] = registry

// The scripts are put in again whenever the panel looks anew: the first one stays.
if (registry.onChange === null) {
  const ids = new WeakMap<AnnouncedStore, number>()
  let lastId = 0
  const listeners = new Set<MessagePort>()

  const idOf = (store: AnnouncedStore): number => {
    const known = ids.get(store) ?? ++lastId
    ids.set(store, known)
    return known
  }
  const found = (): FromBridge => ({
    is: 'stores',
    stores: Array.from(registry.stores, (store) => ({
      id: idOf(store),
      name: store.name,
      version: store.version,
      producer: store.producer,
    })),
  })

  registry.onChange = () => {
    for (const port of listeners) port.postMessage(found())
  }

  addEventListener('message', ({ source, origin, data }) => {
    if (source !== window || origin !== location.origin) return
    if (!isGreeting(data) || data.tabscribe !== 'seek') return
    const { port1: own, port2: theirs } = new MessageChannel()
    listeners.add(own)
    own.onmessage = ({ data: asked, ports: [port] }) => {
      if (!isToBridge(asked) || port === undefined) return
      const store = [...registry.stores].find((one) => idOf(one) === asked.store)
      if (store === undefined) port.close()
      else store.serve(port)
    }
    window.postMessage({ tabscribe: 'here', nonce: data.nonce } satisfies Greeting, '/', [theirs])
    own.postMessage(found())
  })
}
