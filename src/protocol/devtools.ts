import type { Progress } from '../core/store.js'
import {
  either,
  isAnything,
  isBytes,
  isFlag,
  isNumber,
  isText,
  isWhole,
  listOf,
  oneOf,
  orNull,
  shape,
  type Is,
} from './shape.js'

/**
 * Raised whenever anything in here, in panel-calls.ts or in what they carry changes shape.
 *
 * 1: first.
 */
export const DEVTOOLS_VERSION = 1

/**
 * Where the stores of a page are announced, for the extension to find them. It is all that a page has of it until a
 * panel attaches. Its own shape never changes: releases that know nothing of each other share it.
 */
export const DEVTOOLS: unique symbol = Symbol.for('tabscribe.devtools') as never

export interface DevtoolsRegistry {
  readonly stores: Set<AnnouncedStore>
  /** Told when a store comes or goes, once somebody looks. */
  onChange: (() => void) | null
}

export interface AnnouncedStore {
  /** Which messages it understands. */
  readonly version: number
  readonly name: string
  readonly producer: string
  /** Answers a panel at the other end. */
  serve(port: StorePort): void
}

/** So much of a MessagePort is used, and never more: what stands in for one where ports do not lead may be less. */
export interface StorePort {
  get onmessage(): ((event: MessageEvent) => void) | null
  set onmessage(handler: ((event: MessageEvent) => void) | null)
  postMessage(message: unknown, transfer?: Transferable[]): void
  close(): void
}

/** The one that is there, or a new one: whoever comes first, a store or a panel, makes it. */
export function registryIn(scope: object): DevtoolsRegistry {
  const own = scope as { [DEVTOOLS]?: unknown }
  const registry = isRegistry(own[DEVTOOLS]) ? own[DEVTOOLS] : { stores: new Set<AnnouncedStore>(), onChange: null }
  own[DEVTOOLS] = registry
  return registry
}

function isRegistry(value: unknown): value is DevtoolsRegistry {
  // No instanceof: it may be of another realm, as a frame's is.
  return typeof value === 'object' && value !== null && 'stores' in value && tagOf(value.stores) === '[object Set]'
}

const tagOf = (value: unknown): string => Object.prototype.toString.call(value)

/** A large answer travels in pieces of so many characters or bytes: larger messages are slower, and beyond 64 MiB lost. */
export const PIECE_SIZE = 2 ** 20

/** So many pieces of an answer are on their way at most; each that is taken calls for another. */
export const PIECES_AHEAD = 8

/** What a panel says. `args` and the pieces of an answer are clone text; `probe` is a Uint8Array, if it still is one. */
export type ToStore =
  | { is: 'hello'; version: number; probe: unknown }
  | { is: 'ask'; id: number; call: string; args: string }
  | { is: 'more'; id: number }
  | { is: 'cancel'; id: number }
  | { is: 'bye' }

export type ToPanel =
  | ({ is: 'hello'; probe: unknown } & StoreHello)
  /** Instead of a hello: nothing can be answered. */
  | { is: 'refused'; fault: string }
  | { is: 'piece'; id: number; piece: string | Uint8Array; isLast: boolean }
  | { is: 'fault'; id: number; fault: string }
  | ({ is: 'progress'; id: number } & Progress)

export interface StoreHello {
  version: number
  store: string
  producer: string | null
  readOnly: boolean
  projections: string[]
}

/** Bytes that go as base64 are longer by a third. */
const isPiece: Is<string | Uint8Array> = (value): value is string | Uint8Array =>
  isAnyPiece(value) && value.length <= 2 * PIECE_SIZE
const isAnyPiece = either(isText, isBytes)

const isToStore: Is<ToStore>[] = [
  shape<ToStore & { is: 'ask' }>({ is: oneOf('ask'), id: isWhole, call: isText, args: isText }),
  shape<ToStore & { is: 'more' }>({ is: oneOf('more'), id: isWhole }),
  shape<ToStore & { is: 'cancel' }>({ is: oneOf('cancel'), id: isWhole }),
  shape<ToStore & { is: 'bye' }>({ is: oneOf('bye') }),
  shape<ToStore & { is: 'hello' }>({ is: oneOf('hello'), version: isNumber, probe: isAnything }),
]

const isToPanel: Is<ToPanel>[] = [
  shape<ToPanel & { is: 'piece' }>({
    is: oneOf('piece'),
    id: isWhole,
    piece: isPiece,
    isLast: isFlag,
  }),
  shape<ToPanel & { is: 'refused' }>({ is: oneOf('refused'), fault: isText }),
  shape<ToPanel & { is: 'fault' }>({ is: oneOf('fault'), id: isWhole, fault: isText }),
  shape<ToPanel & { is: 'progress' }>({
    is: oneOf('progress'),
    id: isWhole,
    done: isNumber,
    total: isNumber,
    bytes: isNumber,
  }),
  shape<ToPanel & { is: 'hello' }>({
    is: oneOf('hello'),
    version: isNumber,
    store: isText,
    producer: orNull(isText),
    readOnly: isFlag,
    projections: listOf(isText),
    probe: isAnything,
  }),
]

export function asToStore(value: unknown): ToStore | null {
  return isToStore.some((is) => is(value)) ? (value as ToStore) : null
}

export function asToPanel(value: unknown): ToPanel | null {
  return isToPanel.some((is) => is(value)) ? (value as ToPanel) : null
}
