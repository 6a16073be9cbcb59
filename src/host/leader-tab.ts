import { StoreError } from '../core/fault.js'
import { asLeaderMessage, type LeaderMessage } from '../protocol/leader.js'
import { leaderChannelName, leaderLockName } from '../protocol/names.js'
import { PROTOCOL_VERSION } from '../protocol/version.js'
import type { Hello } from '../protocol/writer-api.js'
import { Election } from './election.js'
import type { Link } from './link.js'
import { OwnWorker } from './own-worker.js'
import { connectRemote, SILENT_MS, type Line } from './remote.js'
import { seekLeader } from './seek-leader.js'
import { LOOK_MS } from './watchdog.js'

/** When a leader has already been found silent, it gets this long to be heard again. */
const DOUBT_MS = 2 * LOOK_MS

/** How often a found worker may be lost again before it has answered hello. */
const ATTEMPTS = 3

/** Reaches the worker of the elected tab, which may be this one; then `start` makes the worker. */
export async function connectLeader(hello: Hello, start: () => Worker): Promise<Link> {
  thisTab ??= new LeaderTab()
  return thisTab.connect(hello, start)
}

let thisTab: LeaderTab | null = null

interface Seeker {
  elected(worker: OwnWorker): void
  failed(error: Error): void
}

/**
 * This tab's part in the election. It stands as long as one of its stores is open. No other tab depends on it for
 * longer than it answers: a leader that is silent (frozen, stuck) is deposed, and what its worker still commits when it
 * wakes up is sorted out by the database.
 */
class LeaderTab {
  readonly #election: Election
  readonly #seekers = new Set<Seeker>()
  #start: (() => Worker) | null = null
  #worker: OwnWorker | null = null
  #channel: BroadcastChannel | null = null
  #stores = 0
  #patienceMs = SILENT_MS

  constructor() {
    this.#election = new Election(leaderLockName(PROTOCOL_VERSION), {
      onElected: () => this.#lead(),
      onDeposed: () => {
        this.#endWorker({ deposed: true })
        this.#resume()
      },
      onImpossible: (error) => this.#fail(asError(error)),
    })
    document.addEventListener('freeze', () => this.#freeze())
    document.addEventListener('resume', () => this.#resume())
    // Only Chromium has these two; everywhere a page that is kept for the back button is told so.
    addEventListener('pagehide', ({ persisted }) => {
      if (persisted) this.#freeze()
    })
    addEventListener('pageshow', ({ persisted }) => {
      if (persisted) this.#resume()
    })
  }

  async connect(hello: Hello, start: () => Worker): Promise<Link> {
    this.#enter()
    try {
      for (let attempt = 1; ; attempt++) {
        const { line, worker } = await this.#reach(start)
        try {
          const link = await connectRemote('leader', line, hello)
          this.#patienceMs = SILENT_MS
          void link.gone.then((how) => {
            if (how === 'silent' || (how === 'died' && worker)) this.#useless(worker)
            this.#leave()
          })
          return link
        } catch (error) {
          if (error instanceof StoreError) throw error
          if (!worker?.deposed) this.#useless(worker)
          if ((worker && !worker.deposed) || attempt === ATTEMPTS) throw error
        }
      }
    } catch (error) {
      this.#leave()
      throw error
    }
  }

  #enter(): void {
    this.#stores++
    this.#channel ??= this.#openChannel()
    this.#election.stand()
  }

  // A leader goes on leading: other tabs are served by its worker.
  #leave(): void {
    if (--this.#stores > 0 || this.#election.isLeader) return
    this.#withdraw()
  }

  // Others need not find out that this tab does not answer. What its own stores have under way they send again. (The
  // worker's lock outlives the event by a moment, and is waited for: Chromium does not keep this page for the back button.)
  #freeze(): void {
    this.#endWorker({ deposed: true })
    this.#withdraw()
  }

  #resume(): void {
    if (this.#stores > 0) this.#election.stand()
    else this.#withdraw()
  }

  #withdraw(): void {
    this.#election.resign()
    // Who still seeks goes on when the page does.
    if (this.#seekers.size > 0) return
    this.#channel?.close()
    this.#channel = null
  }

  // Another tab that is silent is deposed when it is silent still; a worker of our own makes room for a new one.
  #useless(worker: OwnWorker | null): void {
    if (worker === null) this.#patienceMs = DOUBT_MS
    else if (worker === this.#worker) this.#stepDown()
  }

  #reach(start: () => Worker): Promise<{ line: Line; worker: OwnWorker | null }> {
    return new Promise((resolve, reject) => {
      if (this.#worker) return resolve({ line: this.#worker.line(), worker: this.#worker })
      let seized = false
      const stop = seekLeader(
        (this.#channel ??= this.#openChannel()),
        this.#patienceMs,
        (line) => {
          this.#seekers.delete(seeker)
          resolve({ line, worker: null })
        },
        () => {
          if (seized) seeker.failed(new Error('no tab could be elected'))
          seized = true
          this.#election.seize()
        },
      )
      const seeker: Seeker = {
        elected: (worker) => {
          stop()
          resolve({ line: worker.line(), worker })
        },
        failed: (error) => {
          stop()
          this.#seekers.delete(seeker)
          reject(error)
        },
      }
      this.#start = start
      this.#seekers.add(seeker)
      // Elected before, with nobody to work for.
      if (this.#election.isLeader) this.#lead()
    })
  }

  #lead(): void {
    if (this.#worker || !this.#start) return
    try {
      this.#worker = new OwnWorker(this.#start())
    } catch (error) {
      this.#fail(asError(error))
      return
    }
    for (const seeker of this.#seekers) seeker.elected(this.#worker)
    this.#seekers.clear()
  }

  #fail(error: Error): void {
    this.#stepDown()
    for (const seeker of this.#seekers) seeker.failed(error)
  }

  #stepDown(): void {
    this.#endWorker({ deposed: false })
    this.#election.resign()
  }

  // Its links end with its lock.
  #endWorker(how: { deposed: boolean }): void {
    this.#worker?.end(how)
    this.#worker = null
  }

  #openChannel(): BroadcastChannel {
    const channel = new BroadcastChannel(leaderChannelName(PROTOCOL_VERSION))
    channel.addEventListener('message', (event) => {
      // Before its script is loaded the worker cannot speak for itself.
      if (asLeaderMessage(event.data)?.tabscribe !== 'seek' || !this.#worker || this.#worker.started) return
      channel.postMessage({ tabscribe: 'starting' } satisfies LeaderMessage)
    })
    return channel
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
