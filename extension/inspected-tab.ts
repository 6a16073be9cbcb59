import { FRAME_PORT, storePortName } from './messages.js'
import { wireOf, type Wire } from './wire.js'

/** Why a page cannot be looked into: its origin has not been allowed yet, or the browser never allows it. */
export type Refusal = { because: 'permission'; origin: string } | { because: 'browser'; why: string }

export class Refused extends Error {
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(refusal.because)
    this.refusal = refusal
  }
}

/** The tab that DevTools were opened for, as its browser lets the panel reach it. */
export interface InspectedTab {
  /** Whether its user can allow it more than it may. */
  readonly canBeAllowed: boolean
  /** Puts our scripts into every frame that lets us; resolves with their ids. Rejects with Refused where the page does not. */
  inject(): Promise<number[]>
  connectFrame(frame: number): Wire
  connectStore(frame: number, store: number): Wire
  /** The page is another one, or may be looked into from now on. */
  onChange(listener: () => void): void
  /** Asks the user; must be called while a click is handled. Resolves with the answer. */
  requestPermission(origin: string): Promise<boolean>
  isAllowed(origin: string): Promise<boolean>
  /** False once the extension was reloaded or removed: nothing works any more. */
  isAlive(): boolean
}

export function inspectedTab(): InspectedTab {
  const { inspectedWindow, network } = chrome.devtools
  const { tabId } = inspectedWindow
  const connect = (frameId: number, name: string): Wire => wireOf(chrome.tabs.connect(tabId, { frameId, name }))
  return {
    canBeAllowed: true,
    async inject() {
      const target = { tabId, allFrames: true }
      try {
        await chrome.scripting.executeScript({ target, files: ['bridge.js'], world: 'MAIN', injectImmediately: true })
        const files = ['content.js']
        const found = await chrome.scripting.executeScript({ target, files, injectImmediately: true })
        return found.map(({ frameId }) => frameId)
      } catch (error) {
        throw new Refused(await refusalOf(error))
      }
    },
    connectFrame: (frame) => connect(frame, FRAME_PORT),
    connectStore: (frame, store) => connect(frame, storePortName(store)),
    onChange(listener) {
      network.onNavigated.addListener(listener)
      chrome.permissions?.onAdded.addListener(listener)
    },
    requestPermission: (origin) => chrome.permissions.request(permissionFor(origin)),
    isAllowed,
    isAlive: () => chrome.runtime?.id !== undefined,
  }
}

async function refusalOf(error: unknown): Promise<Refusal> {
  const why = error instanceof Error ? error.message : String(error)
  const url = await inspectedUrl()
  if (url === null || !/^https?:$/.test(url.protocol)) return { because: 'browser', why }
  if (await isAllowed(url.origin)) return { because: 'browser', why }
  return { because: 'permission', origin: url.origin }
}

function isAllowed(origin: string): Promise<boolean> {
  return chrome.permissions.contains(permissionFor(origin))
}

// A pattern without a port covers all of them.
function permissionFor(origin: string): { origins: string[] } {
  const { protocol, hostname } = new URL(origin)
  return { origins: [`${protocol}//${hostname}/*`] }
}

/** The one thing that DevTools may read of any page. */
function inspectedUrl(): Promise<URL | null> {
  return new Promise((resolve) => {
    chrome.devtools.inspectedWindow.eval('location.href', (...[href]: readonly unknown[]) => {
      resolve(typeof href === 'string' && URL.canParse(href) ? new URL(href) : null)
    })
  })
}
