import type { Clock } from '../core/clock.js'
import type { HostName } from '../core/health.js'
import type { StoreOptions } from '../core/options.js'
import type { Link } from '../host/link.js'
import { connectSharedWorker } from '../host/shared-worker.js'
import { startDedicatedWorker, startSecondSharedWorker, startSharedWorker } from '../host/start-worker.js'
import type { Hello } from '../protocol/writer-api.js'

/** One way to reach a writer. */
export interface Way {
  readonly host: HostName
  /** As it stands in a sentence about what is wrong with it. */
  readonly name: string
  connect(hello: Hello): Promise<Link>
}

export interface Ways {
  /** Best first; the last one, this page, is always there. */
  ways: Way[]
  /** What is wrong with those that are not even in the list. */
  troubles: string[]
}

/** From the host that the options name on, or from the best there is. */
export function waysToWriter({ host = 'auto', worker, clock }: StoreOptions): Ways {
  const connectHere = (hello: Hello): Promise<Link> => connectInline(hello, clock)
  const inline: Way = { host: 'inline', name: 'the writer in this page', connect: connectHere }
  if (host === 'inline') return { ways: [inline], troubles: [] }
  const { ways, troubles } = worker ? ownWorkerWays(worker) : host === 'leader' ? leaderWays() : allWays()
  return { ways: [...ways, inline], troubles }
}

function allWays(): Ways {
  const leader = leaderWays()
  if (typeof SharedWorker === 'undefined') {
    return { ways: leader.ways, troubles: ['this environment has no SharedWorker', ...leader.troubles] }
  }
  return {
    ways: [
      sharedWorkerWay('the SharedWorker', startSharedWorker),
      sharedWorkerWay('a second SharedWorker', startSecondSharedWorker),
      ...leader.ways,
    ],
    troubles: leader.troubles,
  }
}

function leaderWays(): Ways {
  const missing =
    typeof Worker === 'undefined'
      ? 'this environment has no Worker'
      : typeof BroadcastChannel === 'undefined'
        ? 'this environment has no BroadcastChannel'
        : globalThis.navigator?.locks === undefined
          ? 'no tab can be elected without Web Locks, which need a secure context (https)'
          : null
  return missing === null
    ? { ways: [leaderWay(startDedicatedWorker)], troubles: [] }
    : { ways: [], troubles: [missing] }
}

// What the app builds tells which host it is for. It may well use a SharedWorker where there is none: then our own
// script may still do for an elected tab.
function ownWorkerWays(build: () => SharedWorker | Worker): Ways {
  let built: SharedWorker | Worker | null
  try {
    built = build()
  } catch (error) {
    const { ways, troubles } = leaderWays()
    return { ways, troubles: [`the option 'worker' failed (${messageOf(error)})`, ...troubles] }
  }
  const take = (): SharedWorker | Worker => {
    const worker = built ?? build()
    built = null
    return worker
  }
  if ('port' in built) {
    const { ways, troubles } = leaderWays()
    const shared = sharedWorkerWay("the SharedWorker of the option 'worker'", () => take() as SharedWorker)
    return { ways: [shared, ...ways], troubles }
  }
  const way = leaderWay(() => take() as Worker)
  const connect = async (hello: Hello): Promise<Link> => {
    try {
      return await way.connect(hello)
    } finally {
      // Another tab leads: this one's worker is not needed.
      ;(built as Worker | null)?.terminate()
      built = null
    }
  }
  const { troubles } = leaderWays()
  return { ways: troubles.length > 0 ? [] : [{ ...way, connect }], troubles }
}

function sharedWorkerWay(name: string, start: () => SharedWorker): Way {
  return { host: 'shared-worker', name, connect: async (hello) => connectSharedWorker(hello, start()) }
}

// Chunks of their own: tabs that reach a SharedWorker load neither.
function leaderWay(start: () => Worker): Way {
  return {
    host: 'leader',
    name: "an elected tab's worker",
    async connect(hello) {
      const { connectLeader } = await import('../host/leader-tab.js')
      return connectLeader(hello, start)
    },
  }
}

async function connectInline(hello: Hello, clock?: Clock): Promise<Link> {
  const inline = await import('../host/inline.js')
  return inline.connectInline(hello, clock)
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
