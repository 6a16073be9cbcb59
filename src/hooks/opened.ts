import type { ReadableStore } from '../core/store.js'

/** A store that is open, or being opened. */
export type Opened = ReadableStore | PromiseLike<ReadableStore>
