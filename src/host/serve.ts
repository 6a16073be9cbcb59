import { expose, transfer, type Endpoint } from 'comlink'
import { invalidArgument, storeError } from '../core/fault.js'
import { tabLockName } from '../protocol/names.js'
import { isHello, WRITER_METHODS } from '../protocol/guards.js'
import { toOutcome, type Outcome } from '../protocol/outcome.js'
import { PROTOCOL_VERSION } from '../protocol/version.js'
import type { Hello, SegmentSlice, Welcome, WriterMethod } from '../protocol/writer-api.js'
import { helloFirst } from './let-go.js'
import { whenReleased } from '../core/locks.js'
import type { Joined, Writers } from './writers.js'

/**
 * What a port understands: hello first, then everything a writer does. Answers are outcomes; nothing throws. A ping
 * touches no database: it is answered as long as the worker's own code comes to run, with whose lock to wait for.
 */
export type ServedApi = {
  hello(hello: Hello): Promise<Outcome<Welcome>>
  ping(): Promise<Outcome<Held>>
} & Record<WriterMethod, (...args: unknown[]) => Promise<Outcome<unknown>>>

/** The lock this context holds as long as it lives, if there are locks. */
export type HeldId = Promise<Held>

export interface Held {
  id: string
  locked: boolean
}

/** Serves one tab. Returns how to let it go; `onGone` is called when the tab itself is. */
export function servePort(port: Endpoint, writers: Writers, writerId: HeldId, onGone = (): void => {}): () => void {
  let joined: Joined | null = null
  // Without a prototype and frozen: Comlink walks paths that the other side names.
  const api = Object.create(null) as Record<string, unknown>
  api['hello'] = (hello: unknown) =>
    toOutcome(async (): Promise<Welcome> => {
      if (!isHello(hello)) throw invalidArgument('hello', 'what a tab says first', hello)
      if (hello.protocol !== PROTOCOL_VERSION) throw otherVersion(hello.protocol)
      joined?.session.leave()
      const own = await writers.join(hello)
      joined = own
      whenReleased(tabLockName(hello.producer), own.left, () => {
        void own.session.die().then(onGone)
      })
      return {
        protocol: PROTOCOL_VERSION,
        lost: own.lost,
        storageFault: own.storageFault,
        tracked: own.tracked,
      }
    })
  api['ping'] = () => toOutcome(() => writerId)
  for (const [method, takes] of Object.entries(WRITER_METHODS)) {
    api[method] = async (...args: unknown[]) => {
      const outcome = await toOutcome(async () => {
        const own = joined
        if (own === null || own.left.aborted) throw helloFirst()
        if (!takes(args)) throw invalidArgument(method, 'called with what it takes', args)
        const call = own.session[method as WriterMethod] as (...args: unknown[]) => Promise<unknown>
        try {
          return await call.apply(own.session, args)
        } catch (error) {
          // The writer may have closed behind the last of its tabs.
          throw own.left.aborted ? helloFirst() : error
        }
      })
      return transfer(outcome, buffersOf(outcome))
    }
  }
  expose(Object.freeze(api), plainCallsOnly(port, api))
  return () => joined?.session.leave()
}

// Comlink would also answer GET, SET, CONSTRUCT and paths into prototypes: only calls of known names with plain
// arguments reach it.
function plainCallsOnly(port: Endpoint, api: object): Endpoint {
  return {
    postMessage: (message, transferables) => port.postMessage(message, transferables),
    addEventListener(type, listener) {
      port.addEventListener(type, (event) => {
        if (!isPlainCall((event as MessageEvent).data, api)) return
        if (typeof listener === 'function') listener(event)
        else listener.handleEvent(event)
      })
    },
    removeEventListener() {},
    start: () => port.start?.(),
  }
}

function isPlainCall(message: unknown, api: object): boolean {
  if (typeof message !== 'object' || message === null) return false
  const { id, type, path, argumentList } = message as Record<string, unknown>
  if (typeof id !== 'string' || type !== 'APPLY') return false
  if (!Array.isArray(path) || path.length !== 1 || typeof path[0] !== 'string' || !Object.hasOwn(api, path[0]))
    return false
  return Array.isArray(argumentList) && argumentList.length <= 4 && argumentList.every(isRaw)
}

function isRaw(argument: unknown): boolean {
  return typeof argument === 'object' && argument !== null && (argument as { type?: unknown }).type === 'RAW'
}

// Stored bytes go to the tab without being copied.
function buffersOf(outcome: Outcome<unknown>): ArrayBuffer[] {
  if (!outcome.ok) return []
  const { value } = outcome
  const slices = Array.isArray(value) ? value : ((value as { slices?: unknown } | null)?.slices ?? [])
  return (slices as (SegmentSlice | null)[]).flatMap((slice) =>
    slice?.bytes instanceof ArrayBuffer ? [slice.bytes] : [],
  )
}

function otherVersion(theirs: number): Error {
  const newer = theirs > PROTOCOL_VERSION
  return storeError(
    'incompatible',
    `This tab speaks version ${theirs} of tabscribe's protocol and the running worker version ${PROTOCOL_VERSION}: ` +
      (newer ? 'close the tabs that still run the older version.' : 'reload the page to get the newer version.'),
    { protocol: theirs, workerProtocol: PROTOCOL_VERSION },
  )
}
