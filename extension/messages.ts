import { isAnything, isFlag, isNumber, isText, isWhole, listOf, oneOf, shape, type Is } from '../src/protocol/shape.js'

// What the extension's own scripts tell each other: the panel, the content script of a frame, and the bridge that the
// content script finds in the page's own world. The page can forge what the bridge says.

/** A panel names the port it opens: the frame's own, or `store:` and the number of a store. */
export const FRAME_PORT = 'tabscribe:frame'
export const storePortName = (store: number): string => `tabscribe:store:${store}`
export function storeOfPort(name: string): number | null {
  const found = /^tabscribe:store:(\d{1,15})$/.exec(name)
  return found === null ? null : Number(found[1])
}

export interface FoundStore {
  /** As long as the page lives. */
  id: number
  name: string
  version: number
  producer: string
}

/** The content script posts `seek` to its own window; the bridge answers `here` with a port, and the same nonce. */
export interface Greeting {
  tabscribe: 'seek' | 'here'
  nonce: string
}

export type FromBridge = { is: 'stores'; stores: FoundStore[] }
/** With a port for the store. */
export type ToBridge = { is: 'open'; store: number }

export type FromFrame =
  | { is: 'frame'; origin: string; path: string }
  | FromBridge
  /** Of the frames inside of this one, now and whenever one is loaded. */
  | { is: 'inside'; origins: string[] }
  /** Its page goes; `cached`: it may come back. */
  | { is: 'leaving'; cached: boolean }

const MOST_STORES = 1000
const MOST_CHARACTERS = 4096
const isShort: Is<string> = (value): value is string => isText(value) && value.length <= MOST_CHARACTERS

export const isGreeting = shape<Greeting>({ tabscribe: oneOf('seek', 'here'), nonce: isShort })
export const isToBridge = shape<ToBridge>({ is: oneOf('open'), store: isWhole })

const isFound = shape<FoundStore>({ id: isWhole, name: isShort, version: isNumber, producer: isShort })
const isAboutStores = shape<{ is: 'stores'; stores: unknown[] }>({ is: oneOf('stores'), stores: listOf(isAnything) })

/** What of it makes sense, and nothing else; null where nothing does. */
export function asFromBridge(value: unknown): FromBridge | null {
  if (!isAboutStores(value)) return null
  const found = value.stores.filter(isFound).slice(0, MOST_STORES)
  return { is: 'stores', stores: found.map(({ id, name, version, producer }) => ({ id, name, version, producer })) }
}

const fromFrame: Is<FromFrame>[] = [
  shape<FromFrame & { is: 'frame' }>({ is: oneOf('frame'), origin: isShort, path: isShort }),
  shape<FromFrame & { is: 'inside' }>({ is: oneOf('inside'), origins: listOf(isShort, MOST_STORES) }),
  shape<FromFrame & { is: 'leaving' }>({ is: oneOf('leaving'), cached: isFlag }),
]

export function asFromFrame(value: unknown): FromFrame | null {
  return fromFrame.some((is) => is(value)) ? (value as FromFrame) : asFromBridge(value)
}
