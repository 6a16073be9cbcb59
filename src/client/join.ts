import type { Retention, StoreOptions } from '../core/options.js'
import type { NamedOptions } from '../protocol/writer-api.js'
import { pathToWriter } from './connect.js'
import { loadPart } from './load-part.js'
import type * as SharedStores from './shared-store.js'

interface Entry {
  opening: Promise<Tab>
  /** What its handles named, for the next writer. */
  settings: NamedOptions[]
  handles: number
}

type Client = typeof SharedStores

/** This tab's part in a store. */
interface Tab {
  shared: SharedStores.SharedStore
  openHandle: Client['openHandle']
}

let client: Promise<Client> | null = null

const entries = new Map<string, Entry>()

/** Joins the tab's connection to the store, or makes it. Every join is paid back with one leave. */
export async function joinStore(name: string, options: StoreOptions): Promise<Tab> {
  const key = keyOf(name, options)
  const named = namedOptions(options)
  let entry = entries.get(key)
  const isFirst = !entry
  if (!entry) {
    const settings = [named]
    entry = { opening: openTab(name, options, settings), settings, handles: 0 }
    entries.set(key, entry)
  }
  entry.handles++
  try {
    const tab = await entry.opening
    const { shared } = tab
    if (!isFirst && Object.keys(named).length > 1) {
      entry.settings.push(named)
      shared.setTracked(await shared.connection.call('configure', named))
    }
    shared.outbox.configure(options)
    return tab
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
  void entry.opening.then(({ shared }) => shared.close())
}

// The rest of the client is loaded while the writer starts.
async function openTab(name: string, options: StoreOptions, settings: readonly NamedOptions[]): Promise<Tab> {
  const reach = pathToWriter(name, options, settings)
  const reached = reach(null)
  reached.catch(() => {})
  try {
    const { openShared, openHandle } = await (client ??= loadPart(() => import('./shared-store.js')))
    return { shared: await openShared(name, options, reach, reached), openHandle }
  } catch (error) {
    client = null
    void reached.then(
      ({ link }) => link.close(),
      () => {},
    )
    throw error
  }
}

function namedOptions({
  batchSize,
  batchTimeoutMs,
  retention,
  compression,
  counters,
  topics,
}: StoreOptions): NamedOptions {
  return {
    at: Date.now(),
    ...(batchSize === undefined ? {} : { batchSize }),
    ...(batchTimeoutMs === undefined ? {} : { batchTimeoutMs }),
    ...(retention === undefined ? {} : { retention }),
    ...(compression === undefined ? {} : { compression }),
    ...(counters === undefined ? {} : { counters }),
    ...(topics === undefined ? {} : { topics: Object.entries(topics).map(([name, own]) => [name, retentionOf(own)]) }),
  }
}

function retentionOf({ retention }: { retention?: Retention }): { retention?: Retention } {
  return retention === undefined ? {} : { retention }
}

function keyOf(name: string, options: StoreOptions): string {
  return `${options.storage ?? 'auto'} ${name}`
}
