import { openStore } from '../client/open.js'
import type { StoreOptions } from '../core/options.js'
import type { Store } from '../core/store.js'

let opened = 0

/**
 * A store of its own, in memory and in this very thread: empty, gone with close(), the same in Node and in browsers.
 * Whatever openStore() takes besides may be given, such as a manual clock.
 */
export function openTestStore(options: Omit<StoreOptions, 'host' | 'storage' | 'worker'> = {}): Promise<Store> {
  return openStore(`test-${++opened}`, { ...options, storage: 'memory', host: 'inline' })
}
