import { isRealIndexedDb } from './indexeddb.js'
import { afterEach, describe } from 'vitest'
import { deleteStore, openStore, type Store, type StoreOptions } from '../../src/index.js'

/** One way to run a store; every promise of the contract holds on each. */
export interface Ground {
  readonly name: string
  /** Whether a store outlives its last handle. */
  readonly durable: boolean
  /** A store of this test's own. Handles left open are closed after it. */
  open(options?: StoreOptions): Promise<Store>
  /** The same store again, after all its handles were closed: another tab, or the same one after a restart. */
  reopen(options?: StoreOptions): Promise<Store>
}

const grounds: [name: string, durable: boolean, options: StoreOptions][] = [
  ['memory, inline', false, { storage: 'memory', host: 'inline' }],
  [`${isRealIndexedDb ? 'IndexedDB' : 'fake IndexedDB'}, inline`, true, { host: 'inline' }],
  ...(typeof SharedWorker === 'undefined'
    ? []
    : ([
        ['IndexedDB, shared worker', true, { host: 'shared-worker' }],
        ['memory, shared worker', false, { storage: 'memory', host: 'shared-worker' }],
      ] satisfies typeof grounds)),
  ...(typeof Worker === 'undefined'
    ? []
    : ([
        ['IndexedDB, leader', true, { host: 'leader' }],
        ['memory, leader', false, { storage: 'memory', host: 'leader' }],
      ] satisfies typeof grounds)),
]

let lastStore = 0

/** Runs the suite once on every ground there is here. */
export function describeEachGround(suite: (ground: Ground) => void): void {
  describe.each(grounds)('%s', (name, durable, base) => {
    let own: string | null = null
    const handles = new Set<Store>()
    const reopen = async (options: StoreOptions = {}): Promise<Store> => {
      own ??= `contract-${Date.now().toString(36)}-${++lastStore}`
      const store = await openStore(own, { ...base, ...options })
      handles.add(store)
      return store
    }
    afterEach(async () => {
      await Promise.allSettled([...handles].map((store) => store.close()))
      handles.clear()
      if (own !== null) await deleteStore(own)
      own = null
    })
    suite({ name, durable, open: reopen, reopen })
  })
}

/** Resolves once the condition holds, asked again whenever something was delivered. */
export function collector<T>(): {
  items: T[]
  add: (more: readonly T[]) => void
  until: (count: number) => Promise<T[]>
} {
  const items: T[] = []
  const waiting: { count: number; resolve: (items: T[]) => void }[] = []
  return {
    items,
    add(more) {
      items.push(...more)
      for (const { count, resolve } of waiting) if (items.length >= count) resolve(items)
    },
    until: (count) =>
      items.length >= count
        ? Promise.resolve(items)
        : new Promise((resolve) => {
            waiting.push({ count, resolve })
          }),
  }
}
