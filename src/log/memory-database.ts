import {
  LOG_STORES,
  type KeyRange,
  type LogDatabase,
  type LogKey,
  type LogSchema,
  type LogStore,
  type ReadTransaction,
  type WriteTransaction,
} from './database.js'

type Rows = Map<LogKey, unknown>

/** The log's database on the heap: gone with its owner. Transactions run one after the other. */
export function createMemoryDatabase(): LogDatabase {
  const stores = new Map<LogStore, Rows>(LOG_STORES.map((store) => [store, new Map()]))
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(body: () => Promise<T>): Promise<T> => {
    const result = last.then(body)
    last = result.catch(() => {})
    return result
  }
  return {
    kind: 'memory',
    onDeleted: () => {},
    read: (_stores, body) => inTurn(() => body(readerOf(stores))),
    write: (_stores, _durability, body) =>
      inTurn(async () => {
        const changes: (() => void)[] = []
        const result = await body(writerOf(stores, changes))
        for (const apply of changes) apply()
        return result
      }),
    close() {},
  }
}

function readerOf(stores: Map<LogStore, Rows>): ReadTransaction {
  return {
    get: <S extends LogStore>(store: S, key: LogKey) =>
      Promise.resolve(copy(stores.get(store)!.get(key)) as LogSchema[S] | undefined),
    getAll: <S extends LogStore>(store: S, range: KeyRange = {}, limit = Infinity) =>
      Promise.resolve(
        keysIn(stores.get(store)!, range)
          .slice(0, limit)
          .map((key) => copy(stores.get(store)!.get(key)) as LogSchema[S]),
      ),
    keys: (store, range = {}) => Promise.resolve(keysIn(stores.get(store)!, range)),
  }
}

function writerOf(stores: Map<LogStore, Rows>, changes: (() => void)[]): WriteTransaction {
  return {
    ...readerOf(stores),
    put(store, key, value) {
      const kept = copy(value)
      changes.push(() => stores.get(store)!.set(key, kept))
    },
    delete(store, range) {
      changes.push(() => {
        const rows = stores.get(store)!
        for (const key of keysIn(rows, range)) rows.delete(key)
      })
    },
  }
}

function keysIn(rows: Rows, { from, to }: KeyRange): LogKey[] {
  return [...rows.keys()]
    .filter((key) => (from === undefined || key >= from) && (to === undefined || key < to))
    .sort((a, b) => (a < b ? -1 : 1))
}

// Callers own what they get, as from IndexedDB: they may transfer it away.
function copy<T>(value: T): T {
  return value === undefined ? value : structuredClone(value)
}
