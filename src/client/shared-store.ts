import { fault, faultOf, type Fault } from '../core/fault.js'
import type { StoreOptions } from '../core/options.js'
import type { Store } from '../core/store.js'
import { Connection, type Loss, type Route } from './connection.js'
import { FaultFeed } from './faults.js'
import { announce } from './announce.js'
import { Handle } from './handle.js'
import { heardOver, type Heard } from './heard.js'
import { WitnessKeeper } from './witness.js'
import { dropSpill, findSpills } from './spill.js'
import { TabJournal } from './tab-journal.js'
import { producerId } from './this-tab.js'
import { Outbox } from './outbox.js'
import { tabLockName } from '../protocol/names.js'
import { isHeld } from '../core/locks.js'
import { restWhileFrozen } from './rest.js'
import { createStore } from './store.js'

/** What all handles of one store in one tab share. */
export interface SharedStore extends Heard {
  readonly name: string
  readonly connection: Connection
  readonly outbox: Outbox
  readonly faults: FaultFeed
  readonly witness: WitnessKeeper
  readonly report: (fault: Fault) => void
  /** Call it when all is flushed. */
  readonly close: () => Promise<void>
}

/** One more handle; `leave` pays back its share of the connection. */
export function openHandle(shared: SharedStore, options: StoreOptions, leave: () => void): Store {
  const handle = new Handle(shared, options)
  const store = createStore(handle, () => {
    withdraw?.()
    leave()
  })
  const withdraw = options.devtools === false ? null : announce(store, handle)
  return store
}

/** `reached` is the way to the first writer, which is being looked for. */
export async function openShared(
  name: string,
  options: StoreOptions,
  reach: (loss: Loss | null) => Promise<Route>,
  reached: Promise<Route>,
): Promise<SharedStore> {
  const faults = new FaultFeed()
  const report = (fault: Fault): void => faults.report(fault)
  const keepsAnything = options.storage !== 'memory'
  const opening = keepsAnything ? TabJournal.open(name, report) : null
  const route = await reached.catch(async (error: unknown) => {
    await (await opening)?.close()
    throw error
  })
  const journal = await opening
  const connection = new Connection(route, reach, report)
  const witness = new WitnessKeeper(name, () => connection.call('witness'))
  const outbox = new Outbox(name, connection, report, () => witness.wake(), journal)
  if (keepsAnything) await recoverSpills(name, connection, report)
  const stopWatching = watchPage(outbox, journal)
  const stopResting = restWhileFrozen({
    rest() {
      connection.rest()
      journal?.rest()
    },
    wake() {
      journal?.wake()
      connection.wake()
    },
  })
  void hearFaults(connection, report)
  if (route.link.lost) report(route.link.lost)
  const close = async (): Promise<void> => {
    stopWatching()
    stopResting()
    await journal?.close()
    connection.close()
    faults.close()
  }
  return { name, connection, outbox, faults, witness, report, ...heardOver(connection), close }
}

// Tabs that are gone may have left their last events in localStorage.
async function recoverSpills(name: string, connection: Connection, report: (fault: Fault) => void): Promise<void> {
  for (const spill of findSpills(name, producerId())) {
    // A tab that lives, and could not write to its journal, will see to it.
    if (!spill.leaving && (await isHeld(tabLockName(spill.producer)))) continue
    try {
      await connection.call('recover', spill.entries)
      dropSpill(spill)
    } catch (error) {
      const { code, message } = faultOf(error)
      if (code === 'invalid-argument') dropSpill(spill)
      report(fault(code, `Events that a closed tab left behind could not be stored: ${message}`))
    }
  }
}

// Never an unload listener: it would keep the page out of the back/forward cache.
function watchPage(outbox: Outbox, journal: TabJournal | null): () => void {
  if (typeof window === 'undefined') return () => {}
  const onHide = (): void => {
    outbox.leave()
    journal?.leave()
  }
  const onShow = (): void => {
    outbox.stay()
    journal?.stay()
  }
  const onVisibility = (): void => {
    if (document.visibilityState !== 'hidden') return
    outbox.seal()
    void journal?.forget()
  }
  document.addEventListener('visibilitychange', onVisibility)
  addEventListener('pagehide', onHide)
  addEventListener('pageshow', onShow)
  return () => {
    document.removeEventListener('visibilitychange', onVisibility)
    removeEventListener('pagehide', onHide)
    removeEventListener('pageshow', onShow)
  }
}

// What goes wrong at the writer without anyone's promise. Ends with the connection.
async function hearFaults(connection: Connection, report: (fault: Fault) => void): Promise<void> {
  try {
    for (let after = -1; ;) {
      const { last, faults } = await connection.call('faults', after)
      for (const fault of faults) report(fault)
      after = last
    }
  } catch {}
}
