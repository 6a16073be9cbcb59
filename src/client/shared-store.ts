import type { Fault } from '../core/fault.js'
import type { StoreOptions } from '../core/options.js'
import { connect } from './connect.js'
import { Connection } from './connection.js'
import { FaultFeed } from './faults.js'
import { Outbox } from './outbox.js'

/** What all handles of one store in one tab share. */
export interface SharedStore {
  readonly name: string
  readonly connection: Connection
  readonly outbox: Outbox
  readonly faults: FaultFeed
  /** Why events are in memory only; null when they are not, or when that was asked for. */
  readonly report: (fault: Fault) => void
}

interface Entry {
  opening: Promise<SharedStore>
  handles: number
}

const entries = new Map<string, Entry>()

/** Joins the tab's connection to the store, or makes it. Every join is paid back with one leave. */
export async function joinStore(name: string, options: StoreOptions): Promise<SharedStore> {
  const key = keyOf(name, options)
  let entry = entries.get(key)
  if (!entry) {
    entry = { opening: openShared(name, options), handles: 0 }
    entries.set(key, entry)
  }
  entry.handles++
  try {
    const shared = await entry.opening
    if (options.maxQueueBytes !== undefined) shared.outbox.maxBytes = options.maxQueueBytes
    return shared
  } catch (error) {
    if (entries.get(key) === entry) entries.delete(key)
    throw error
  }
}

/** The last one to leave closes the connection. */
export function leaveStore(name: string, options: StoreOptions): void {
  const key = keyOf(name, options)
  const entry = entries.get(key)
  if (!entry || --entry.handles > 0) return
  entries.delete(key)
  void entry.opening.then(({ connection, faults }) => {
    connection.close()
    faults.close()
  })
}

async function openShared(name: string, options: StoreOptions): Promise<SharedStore> {
  const faults = new FaultFeed()
  const report = (fault: Fault): void => faults.report(fault)
  const reach = () => connect(name, options)
  const connection = new Connection(await reach(), reach, report)
  return { name, connection, outbox: new Outbox(name, connection, report), faults, report }
}

function keyOf(name: string, options: StoreOptions): string {
  return `${options.storage ?? 'auto'} ${name}`
}
