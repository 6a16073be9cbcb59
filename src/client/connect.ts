import { storeError, StoreError } from '../core/fault.js'
import type { StoreOptions } from '../core/options.js'
import { PROTOCOL_VERSION } from '../protocol/version.js'
import type { Hello, NamedOptions } from '../protocol/writer-api.js'
import { isWriterGone } from '../host/link.js'
import type { Loss, Route } from './connection.js'
import { holdTabLock, producerId, sessionId } from './this-tab.js'
import { readWitness } from './witness.js'
import { messageOf, waysToWriter, type Way } from './ways.js'

/** A writer that dies this often before it has answered anything but hello is not asked again. */
const FRUITLESS_MOST = 3

/**
 * How one store of this tab reaches its writers: by the best way there is, or by the host the options name; after a
 * loss by the same way again, or by the next one when that one is of no use. A way given up stays so until the page is
 * loaded anew: what stopped answering once is not trusted again. `settings` are what this tab's handles named so far.
 */
export function pathToWriter(
  store: string,
  options: StoreOptions,
  settings: readonly NamedOptions[],
): (loss: Loss | null) => Promise<Route> {
  const { host = 'auto' } = options
  const { ways, troubles } = waysToWriter(options)
  let reached = false
  let fruitless = 0

  const giveUp = (way: Way, why: string): void => {
    ways.shift()
    fruitless = 0
    troubles.push(`${way.name} ${why}`)
  }
  const lostInVain = (way: Way): void => {
    if (++fruitless >= FRUITLESS_MOST) giveUp(way, `was lost ${fruitless} times before it was of any use`)
  }
  const learn = ({ link, how }: Loss): void => {
    const way = ways[0]!
    if (how === 'silent' && !link.elected) giveUp(way, 'stopped answering')
    else if (link.useful) fruitless = 0
    else lostInVain(way)
  }

  return async (loss) => {
    if (loss) learn(loss)
    await holdTabLock()
    while (true) {
      const way = ways[0]!
      // A host that is asked for is the only one to start with. Later there is always another: what runs goes on.
      if (!reached && host !== 'auto' && way.host !== host) throw unsupported(host, troubles)
      try {
        const link = await way.connect(helloOf(store, options, settings))
        reached = true
        return { link, reason: reasonOf(way, host, troubles) }
      } catch (error) {
        if (error instanceof StoreError && error.code !== 'incompatible') throw error
        if (isWriterGone(error) && error.how === 'died') {
          lostInVain(way)
          continue
        }
        if (way.host === 'inline') throw storeError('storage-unavailable', messageOf(error), {}, error)
        giveUp(way, `could not be started (${messageOf(error)})`)
      }
    }
  }
}

function helloOf(store: string, options: StoreOptions, settings: readonly NamedOptions[]): Hello {
  return {
    protocol: PROTOCOL_VERSION,
    store,
    producer: producerId(),
    session: sessionId(),
    storage: options.storage ?? 'auto',
    settings,
    witness: readWitness(store),
  }
}

function reasonOf(way: Way, host: string, troubles: readonly string[]): string | null {
  const why = troubles.join('; ')
  if (way.host === 'shared-worker') return why ? `The writer runs in ${way.name}: ${why}.` : null
  const where = way.host === 'leader' ? 'in a worker of one elected tab' : 'in this page'
  if (why) return `The writer runs ${where}: ${why}.`
  return host === 'auto'
    ? `The writer runs ${where}: the option 'worker' builds a dedicated Worker.`
    : `The option host: '${host}' asks for it.`
}

const HOST_NAMES = { 'shared-worker': 'No SharedWorker', leader: "No elected tab's worker", inline: 'No writer' }

function unsupported(host: keyof typeof HOST_NAMES, troubles: readonly string[]): StoreError {
  const why = troubles.join('; ') || "the option 'worker' builds one for another host"
  return storeError(
    'unsupported',
    `${HOST_NAMES[host]} can be started: ${why}. Check that the worker's file is served and allowed by the page's ` +
      "Content-Security-Policy (worker-src), give its address with the option 'worker', or use host 'auto'.",
  )
}
