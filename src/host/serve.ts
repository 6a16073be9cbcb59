import { expose, transfer, type Endpoint } from 'comlink'
import { storeError } from '../core/fault.js'
import { tabLockName } from '../protocol/names.js'
import { assertHello, WRITER_METHODS } from '../protocol/guards.js'
import { toOutcome, type Outcome } from '../protocol/outcome.js'
import { PROTOCOL_VERSION } from '../protocol/version.js'
import type { Hello, SegmentSlice, Welcome, WriterMethod } from '../protocol/writer-api.js'
import type { Session } from '../writer/session.js'
import { whenReleased } from './locks.js'
import type { Joined, Writers } from './writers.js'

/** What a port understands: hello first, then everything a writer does. Answers are outcomes; nothing throws. */
export type ServedApi = { hello(hello: Hello): Promise<Outcome<Welcome>> } & Record<
  WriterMethod,
  (...args: unknown[]) => Promise<Outcome<unknown>>
>

/** Serves one tab. `writerId` names the lock this context holds, if it holds one. */
export function servePort(port: Endpoint, writers: Writers, writerId: Promise<{ id: string; locked: boolean }>): void {
  let joined: Joined | null = null
  // Without a prototype and frozen: Comlink walks paths that the other side names.
  const api = Object.create(null) as Record<string, unknown>
  api['hello'] = (hello: unknown) =>
    toOutcome(async (): Promise<Welcome> => {
      assertHello(hello)
      if (hello.protocol !== PROTOCOL_VERSION) throw otherVersion(hello.protocol)
      const { id, locked } = await writerId
      joined?.session.leave()
      joined = await writers.join(hello)
      leaveWithTab(hello.producer, joined.session)
      return {
        protocol: PROTOCOL_VERSION,
        writer: id,
        locked,
        storage: joined.writer.storage,
        storageFault: joined.storageFault,
      }
    })
  for (const [method, check] of Object.entries(WRITER_METHODS)) {
    api[method] = async (...args: unknown[]) => {
      const outcome = await toOutcome(async () => {
        if (joined === null) throw storeError('closed', 'Say hello first.')
        check(args)
        const call = joined.session[method as WriterMethod] as (...args: unknown[]) => Promise<unknown>
        return await call.apply(joined.session, args)
      })
      return transfer(outcome, buffersOf(outcome))
    }
  }
  expose(Object.freeze(api), plainCallsOnly(port, api))
}

function leaveWithTab(producer: string, session: Session): void {
  whenReleased(tabLockName(producer), new AbortController().signal, () => session.leave())
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
  return (slices as SegmentSlice[]).flatMap(({ bytes }) => (bytes instanceof ArrayBuffer ? [bytes] : []))
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
