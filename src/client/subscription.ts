import { dispose } from '../core/dispose.js'
import { deferred } from '../core/deferred.js'
import type { StoredEvent } from '../core/event.js'
import { faultOf, StoreError, type Fault } from '../core/fault.js'
import type { Subscription } from '../core/store.js'
import type { ReadRequest } from '../protocol/writer-api.js'
import { eventsIn, type AskPage } from './reading.js'

/** Events delivered to the handler in one call, at most. */
const DELIVERY_EVENTS = 1_000

export interface Follow {
  request: ReadRequest
  /** Positions of the request's one topic, or sequences: what `position` tells. */
  unit: 'position' | 'sequence'
  from: number | 'live'
  onRemoved?: (() => void) | undefined
}

/**
 * Pulls from the log: reads what is there, then waits for more behind the last sequence it has seen. Since the place
 * is kept here and every answer comes from the committed log, a writer's death can make it neither miss nor repeat.
 */
export function follow(
  { request, unit, from, onRemoved }: Follow,
  ask: AskPage,
  handler: (events: StoredEvent[]) => void,
  onFault: (fault: Fault) => void,
  signal?: AbortSignal,
): Subscription {
  const run = async (delivery: Delivery): Promise<void> => {
    let at = from === 'live' ? Infinity : request.sequences[0]
    let removals: number | null = null
    if (from === 'live' || onRemoved) {
      const start = await ask({ ...request, limit: 0 })
      if (onRemoved) removals = start.removals
      if (from === 'live') {
        at = start.head
        delivery.position = unit === 'position' ? (start.nextPosition ?? 0) : start.head
      }
    }
    delivery.ready()
    while (delivery.isOpen) {
      const page = await ask({ ...request, sequences: [at, Infinity], limit: DELIVERY_EVENTS, wait: true, removals })
      if (!delivery.isOpen) return
      if (onRemoved && page.removals !== removals) {
        removals = page.removals
        handOver(onRemoved, undefined, onFault)
        if (!delivery.isOpen) return
      }
      const events = eventsIn(page, 'forward')
      if (events.length > 0) {
        delivery.position = events.at(-1)![unit] + 1
        handOver(handler, events, onFault)
      }
      // Never back: a log that lost data goes on above all it ever gave out.
      at = Math.max(at, events.length === DELIVERY_EVENTS ? events.at(-1)!.sequence + 1 : (page.next ?? page.head))
    }
  }
  return subscription(typeof from === 'number' ? from : 0, run, signal)
}

/** What delivers to a subscription's handler. */
export interface Delivery {
  /** Next to be delivered. */
  position: number
  readonly isOpen: boolean
  /** Nothing recorded from now on can be missed. */
  ready(): void
}

/** `run` goes on until the subscription is closed; what it rejects with closes it. */
export function subscription(
  position: number,
  run: (delivery: Delivery) => Promise<void>,
  signal?: AbortSignal,
): Subscription {
  const ready = deferred<void>()
  const closed = deferred<void>()
  let open = true
  const close = (): void => {
    open = false
    signal?.removeEventListener('abort', close)
    ready.resolve()
    closed.resolve()
  }
  const delivery: Delivery = {
    position,
    get isOpen() {
      return open
    },
    ready: () => ready.resolve(),
  }
  if (signal?.aborted) close()
  else {
    signal?.addEventListener('abort', close, { once: true })
    run(delivery).catch((error: unknown) => {
      if (!open) return
      open = false
      const failure = error instanceof StoreError ? error : new StoreError(faultOf(error), error)
      ready.reject(failure)
      closed.reject(failure)
    })
  }
  return {
    get position() {
      return delivery.position
    },
    ready: ready.promise,
    closed: closed.promise,
    close,
    [dispose]: close,
  }
}

/** What the handler throws is reported: as an uncaught error of the page's own, where that exists. */
export function handOver<T>(handler: (value: T) => void, value: T, onFault: (fault: Fault) => void): void {
  try {
    handler(value)
  } catch (error) {
    if (typeof reportError === 'function') reportError(error)
    else onFault({ ...faultOf(error, 'invalid-argument'), message: `A subscription's handler threw: ${String(error)}` })
  }
}
