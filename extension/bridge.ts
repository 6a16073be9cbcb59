import { AnnouncedStores } from './announced-stores.js'
import { isGreeting, isToBridge, type FromBridge, type Greeting } from './messages.js'

// Runs in the page's own world, where the stores are announced, and hands the content script a port to each.

const announced = new AnnouncedStores(globalThis)

// The scripts are put in again whenever the panel looks anew: the first one stays.
if (!announced.isWatched) {
  const listeners = new Set<MessagePort>()
  const found = (): FromBridge => ({ is: 'stores', stores: announced.found() })

  announced.watch(() => {
    for (const port of listeners) port.postMessage(found())
  })

  addEventListener('message', ({ source, origin, data }) => {
    if (source !== window || origin !== location.origin) return
    if (!isGreeting(data) || data.tabscribe !== 'seek') return
    const { port1: own, port2: theirs } = new MessageChannel()
    listeners.add(own)
    own.onmessage = ({ data: asked, ports: [port] }) => {
      if (!isToBridge(asked) || port === undefined) return
      const store = announced.get(asked.store)
      if (store === undefined) port.close()
      else store.serve(port)
    }
    window.postMessage({ tabscribe: 'here', nonce: data.nonce } satisfies Greeting, '/', [theirs])
    own.postMessage(found())
  })
}
