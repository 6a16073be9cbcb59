import { openDB, type IDBPDatabase } from 'idb'
import { storeError } from '../core/fault.js'
import {
  LOG_STORES,
  type KeyRange,
  type LogDatabase,
  type LogKey,
  type LogSchema,
  type LogStore,
  type ReadTransaction,
} from './database.js'

/**
 * The log's database in IndexedDB. A connection that the browser or another page closed, or that has gone bad, is
 * dropped and opened anew by the next transaction. Rejects when IndexedDB cannot be opened at all.
 */
export async function openIndexedDatabase(name: string): Promise<LogDatabase> {
  let connection: Promise<IDBPDatabase> | null = null
  let closed = false
  const drop = (): void => {
    connection = null
  }
  const connect = (): Promise<IDBPDatabase> => {
    if (closed) throw storeError('closed', 'The store is closed: open it again.')
    connection ??= open(name, drop)
    connection.catch(drop)
    return connection
  }
  const begin = async (
    stores: readonly LogStore[],
    mode: 'readonly' | 'readwrite',
    options?: IDBTransactionOptions,
  ): Promise<Transaction> => {
    const attempt = async (): Promise<Transaction> =>
      (await connect()).transaction(stores as LogStore[], mode, options) as Transaction
    try {
      return await attempt()
    } catch (error) {
      // InvalidStateError: the connection was closed under us.
      if (!(error instanceof DOMException) || error.name !== 'InvalidStateError') throw storageError(error)
      drop()
      return attempt()
    }
  }

  await connect().catch((error: unknown) => {
    throw storageError(error)
  })
  return {
    kind: 'indexeddb',
    async read(stores, body) {
      const tx = await begin(stores, 'readonly')
      tx.done.catch(() => {})
      try {
        return await body(readerOf(tx))
      } catch (error) {
        throw storageError(error)
      }
    },
    async write(stores, durability, body) {
      const tx = await begin(stores, 'readwrite', { durability })
      tx.done.catch(() => {})
      try {
        const result = await body({
          ...readerOf(tx),
          put: (store, key, value) =>
            void tx
              .objectStore(store)
              .put(value, key)
              .catch(() => {}),
          delete: (store, range) =>
            void tx
              .objectStore(store)
              .delete(keyRange(range) ?? everyKey())
              .catch(() => {}),
        })
        tx.commit()
        await tx.done
        return result
      } catch (error) {
        abort(tx)
        throw storageError(tx.error ?? error)
      }
    },
    close() {
      closed = true
      connection?.then(
        (database) => database.close(),
        () => {},
      )
    },
  }
}

interface Transaction {
  readonly done: Promise<void>
  readonly error: DOMException | null
  objectStore(name: LogStore): {
    get(key: LogKey): Promise<unknown>
    getAll(range?: IDBKeyRange, limit?: number): Promise<unknown[]>
    put(value: unknown, key: LogKey): Promise<unknown>
    delete(range: IDBKeyRange): Promise<void>
  }
  commit(): void
  abort(): void
}

function open(name: string, onGone: () => void): Promise<IDBPDatabase> {
  return openDB(name, 1, {
    upgrade(database) {
      for (const store of LOG_STORES) database.createObjectStore(store)
    },
    blocking(_current, _blocked, event) {
      ;(event.target as IDBDatabase).close()
      onGone()
    },
    terminated: onGone,
  })
}

function readerOf(tx: Transaction): ReadTransaction {
  return {
    get: <S extends LogStore>(store: S, key: LogKey) =>
      tx.objectStore(store).get(key) as Promise<LogSchema[S] | undefined>,
    getAll: <S extends LogStore>(store: S, range?: KeyRange, limit?: number) =>
      tx.objectStore(store).getAll(range && keyRange(range), limit) as Promise<LogSchema[S][]>,
  }
}

// It may be over already: aborting then throws, and there is nothing left to abort.
function abort(tx: Transaction): void {
  try {
    tx.abort()
  } catch {}
}

/** -Infinity sorts before all other keys. */
function everyKey(): IDBKeyRange {
  return IDBKeyRange.lowerBound(-Infinity)
}

function keyRange({ from, to }: KeyRange): IDBKeyRange | undefined {
  if (from === undefined) return to === undefined ? undefined : IDBKeyRange.upperBound(to, true)
  return to === undefined ? IDBKeyRange.lowerBound(from) : IDBKeyRange.bound(from, to, false, true)
}

function storageError(error: unknown): unknown {
  if (!(error instanceof DOMException)) return error
  if (error.name === 'QuotaExceededError') {
    return storeError(
      'quota-exceeded',
      "The browser's storage for this site is full: free space (compact, retention, clear), then try again.",
      {},
      error,
    )
  }
  return storeError(
    'storage-unavailable',
    `IndexedDB failed (${error.name}: ${error.message}): nothing of this step was stored; try again.`,
    {},
    error,
  )
}
