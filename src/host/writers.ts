import type { Clock } from '../core/clock.js'
import { fault, faultOf, type Fault } from '../core/fault.js'
import { createMemoryDatabase } from '../log/memory-database.js'
import { openIndexedDatabase } from '../log/indexed-database.js'
import type { LogDatabase } from '../log/database.js'
import { logDatabaseName, tabLockName } from '../protocol/names.js'
import type { Tracked } from '../protocol/counters.js'
import type { Hello } from '../protocol/writer-api.js'
import { heldLocks } from '../core/locks.js'
import type { Session } from '../writer/session.js'
import { StoreWriter } from '../writer/writer.js'

export interface Joined {
  writer: StoreWriter
  session: Session
  /** Aborted once the session is over. */
  left: AbortSignal
  /** Why nothing is kept on disk although it was asked for; null when it is. */
  storageFault: Fault | null
  /** What the database lost since the tab's witness was written. */
  lost: Fault | null
  tracked: Tracked
}

interface Open {
  writer: StoreWriter
  storageFault: Fault | null
}

/** The writers of one context, one for each store that has a tab. */
export class Writers {
  readonly #open = new Map<string, Promise<Open>>()

  /** `clock`: of whoever opens it first. */
  async join(hello: Hello, clock?: Clock): Promise<Joined> {
    const key = `${hello.storage} ${hello.store}`
    let opening = this.#open.get(key)
    if (!opening) {
      opening = openWriter(hello, clock)
      this.#open.set(key, opening)
      opening.catch(() => this.#open.delete(key))
    }
    const { writer, storageFault } = await opening
    // Its last tab may have left while we waited: then it is closing.
    if (this.#open.get(key) !== opening) return this.join(hello, clock)
    const configured = hello.settings.map((options) => writer.configure(options))
    const left = new AbortController()
    const session = writer.join(hello.producer, hello.session, () => {
      left.abort()
      if (writer.sessions > 0 || this.#open.get(key) !== opening) return
      this.#open.delete(key)
      void writer.flush().then(
        () => writer.close(),
        () => writer.close(),
      )
    })
    const lost = hello.witness ? await writer.check(hello.witness) : null
    await Promise.all(configured)
    return { writer, session, left: left.signal, storageFault, lost, tracked: await writer.counters.tracked() }
  }
}

/** Where tabs cannot be told alive or dead, a snapshot of this age is taken for forgotten. */
const FORGOTTEN_MS = 24 * 60 * 60 * 1000

// Tabs that died when no writer was there left snapshots behind, and events in their journals. What the dead left is
// stored before the first question is answered; a tab that is only about to be known dead is waited for.
async function takeOver(writer: StoreWriter, ownProducer: string): Promise<void> {
  try {
    // Whether it may be written to at all.
    await writer.log.refresh()
    if (writer.log.refusal) return
    await writer.takeOver(ownProducer)
    const alive = await heldLocks()
    await writer.log.dropSnapshots(({ producer, takenAt }) =>
      alive ? !alive.has(tabLockName(producer)) : takenAt < Date.now() - FORGOTTEN_MS,
    )
    await writer.log.counters.letGoOfDead()
  } catch (error) {
    writer.report(faultOf(error))
  }
}

async function openWriter({ store, producer, storage }: Hello, clock?: Clock): Promise<Open> {
  let storageFault: Fault | null = null
  let database: LogDatabase | null = null
  if (storage !== 'memory') {
    try {
      database = await openIndexedDatabase(logDatabaseName(store))
    } catch (error) {
      const { code, message } = faultOf(error)
      storageFault = fault(code, `Nothing is kept on disk, only in memory until the last tab closes: ${message}`)
    }
  }
  const writer = new StoreWriter(store, database ?? createMemoryDatabase(), clock)
  if (database) await takeOver(writer, producer)
  return { writer, storageFault }
}
