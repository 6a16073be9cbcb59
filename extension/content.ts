import { asToPanel, asToStore, type ToStore } from '../src/protocol/devtools.js'
import { onFrameLoad, originsInside } from './frames-inside.js'
import {
  FRAME_PORT,
  asFromBridge,
  isGreeting,
  storeOfPort,
  type FromBridge,
  type FromFrame,
  type Greeting,
  type ToBridge,
} from './messages.js'

// Between the panel and one frame of the page. It passes on what has the right shape and knows nothing of it.

declare global {
  // The scripts are put in again whenever the panel looks anew: the first one stays, unless its extension is gone.
  var tabscribeFrame: { isAlive(): boolean } | undefined
}

const WATCH_EVERY_MS = 2000

const isAlive = (): boolean => chrome.runtime?.id !== undefined

if (globalThis.tabscribeFrame?.isAlive() !== true) {
  globalThis.tabscribeFrame = { isAlive }
  const panels = new Set<chrome.runtime.Port>()
  const pipes = new Set<() => void>()
  let bridge: MessagePort | null = null
  let found: FromBridge | null = null

  const tell = (port: chrome.runtime.Port, message: FromFrame): void => {
    try {
      port.postMessage(message)
    } catch {
      panels.delete(port)
    }
  }
  const tellAll = (message: FromFrame): void => {
    for (const port of panels) tell(port, message)
  }

  const attach = (port: chrome.runtime.Port): void => {
    panels.add(port)
    port.onDisconnect.addListener(() => panels.delete(port))
    tell(port, { is: 'frame', origin: location.origin, path: location.pathname })
    tell(port, inside())
    if (found !== null) tell(port, found)
    else seekBridge()
    watch()
  }

  const inside = (): FromFrame => ({ is: 'inside', origins: originsInside(document) })

  const seekBridge = (): void => {
    const nonce = Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(16)).join('-')
    const onMessage = ({ source, origin, data, ports: [port] }: MessageEvent): void => {
      if (source !== window || origin !== location.origin || port === undefined) return
      if (!isGreeting(data) || data.tabscribe !== 'here' || data.nonce !== nonce) return
      removeEventListener('message', onMessage)
      bridge = port
      port.onmessage = ({ data: told }) => {
        found = asFromBridge(told) ?? found
        if (found !== null) tellAll(found)
      }
    }
    addEventListener('message', onMessage)
    window.postMessage({ tabscribe: 'seek', nonce } satisfies Greeting, '/')
  }

  const pipe = (panel: chrome.runtime.Port, store: number): void => {
    if (bridge === null) return panel.disconnect()
    const { port1: own, port2: theirs } = new MessageChannel()
    const end = (): void => {
      if (!pipes.delete(end)) return
      own.postMessage({ is: 'bye' } satisfies ToStore)
      own.close()
      if (isAlive()) panel.disconnect()
    }
    pipes.add(end)
    own.onmessage = ({ data }) => {
      const message = asToPanel(data)
      if (message === null) return
      try {
        panel.postMessage(message)
      } catch {
        end()
      }
    }
    // Where the browser tells that the store has closed it.
    own.addEventListener('close', end)
    panel.onMessage.addListener((message) => {
      const asked = asToStore(message)
      if (asked !== null) own.postMessage(asked)
    })
    panel.onDisconnect.addListener(end)
    bridge.postMessage({ is: 'open', store } satisfies ToBridge, [theirs])
    watch()
  }

  // An extension that is reloaded or removed tells its content scripts nothing.
  let watching: ReturnType<typeof setInterval> | undefined
  const watch = (): void => {
    watching ??= setInterval(() => {
      if (isAlive() && panels.size + pipes.size > 0) return
      clearInterval(watching)
      watching = undefined
      if (isAlive()) return
      for (const end of pipes) end()
      panels.clear()
    }, WATCH_EVERY_MS)
  }

  chrome.runtime.onConnect.addListener((port) => {
    const store = storeOfPort(port.name)
    if (port.name === FRAME_PORT) attach(port)
    else if (store !== null) pipe(port, store)
  })
  addEventListener('pagehide', ({ persisted }) => tellAll({ is: 'leaving', cached: persisted }))
  // A frame that was loaded, here or anew, has none of our scripts.
  onFrameLoad(document, () => tellAll(inside()))
}
