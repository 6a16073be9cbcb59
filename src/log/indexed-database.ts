import { openDB, unwrap } from 'idb'
import type { StoredSegment } from '../codec/segment.js'
import { storeError } from '../core/fault.js'
import { openForeign } from './foreign-database.js'
import { isForeign, outcomeOf, withFactory } from './idb-factory.js'
import { untilSetAside, whenHere } from './set-aside.js'
import { tryAgain } from './try-again.js'
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

/**
 * The log's database in IndexedDB. A connection that the browser or another page closed, or on which anything went
 * wrong, is dropped and opened anew by the next transaction: one that has gone bad may stay so for ever. Rejects when
 * IndexedDB cannot be opened at all.
 */
export async function openIndexedDatabase(name: string): Promise<LogDatabase> {
  let connection: Promise<Connection> | null = null
  let closed = false
  const drop = (bad: Promise<Connection>): void => {
    if (connection === bad) connection = null
    bad.then(close, () => {})
  }
  const connect = (): Promise<Connection> => {
    if (closed) throw storeError('closed', 'The store is closed: open it again.')
    if (connection) return connection
    const own: Promise<Connection> = open(name, (deleted) => {
      drop(own)
      if (deleted) database.onDeleted()
    })
    connection = own
    own.catch(() => drop(own))
    return own
  }
  const begin = async (
    stores: readonly LogStore[],
    mode: 'readonly' | 'readwrite',
    options?: IDBTransactionOptions,
  ): Promise<{ tx: Transaction; failed: (error: unknown, committing?: boolean) => unknown }> => {
    for (let isFirst = true; ; isFirst = false) {
      const own = connect()
      try {
        const opened = await own
        await whenHere()
        const tx = opened.transaction(stores as LogStore[], mode, options)
        untilSetAside(() => abort(tx), tx.done)
        const failed = (error: unknown, committing = false): unknown => {
          const reason = tx.error ?? error
          abort(tx)
          if (isBadConnection(reason)) drop(own)
          return storageError(reason, committing)
        }
        return { tx, failed }
      } catch (error) {
        drop(own)
        // The connection was closed under us.
        const mayWork = isFirst && error instanceof DOMException && error.name === 'InvalidStateError'
        if (!mayWork) throw storageError(error)
      }
    }
  }

  const database: LogDatabase = {
    kind: 'indexeddb',
    onDeleted: () => {},
    read: (stores, body) =>
      tryAgain(async () => {
        const { tx, failed } = await begin(stores, 'readonly')
        try {
          return await body(readerOf(tx))
        } catch (error) {
          throw failed(error)
        }
      }),
    async write(stores, durability, body) {
      const { tx, failed } = await begin(stores, 'readwrite', { durability })
      let committing = false
      try {
        const unsure: Promise<unknown>[] = []
        const result = await body(writerOf(tx, unsure))
        await Promise.all(unsure)
        tx.commit()
        committing = true
        await tx.done
        return result
      } catch (error) {
        throw failed(error, committing)
      }
    },
    close() {
      closed = true
      connection?.then(close, () => {})
    },
  }
  await tryAgain(async () => {
    try {
      await connect()
    } catch (error) {
      throw storageError(error)
    }
  })
  return database
}

/** What the log needs of a connection. */
export interface Connection {
  transaction(stores: LogStore[], mode: 'readonly' | 'readwrite', options?: IDBTransactionOptions): Transaction
  close(): void
}

interface Transaction {
  readonly done: Promise<void>
  readonly error: DOMException | null
  /** For what nobody waits for by itself. */
  readonly plain: IDBTransaction
  objectStore(name: LogStore): {
    get(key: LogKey): Promise<unknown>
    getAll(range?: IDBKeyRange, limit?: number): Promise<unknown[]>
    getAllKeys(range?: IDBKeyRange): Promise<LogKey[]>
  }
  commit(): void
  abort(): void
}

/** `onGone`: the browser closed the connection, or another page wants to delete the database. */
async function open(name: string, onGone: (deleted: boolean) => void): Promise<Connection> {
  const upgrade = (database: { createObjectStore(store: LogStore): unknown }): void => {
    for (const store of LOG_STORES) database.createObjectStore(store)
  }
  return withFactory(async (factory) => {
    if (isForeign(factory)) return openForeign(factory, name, upgrade, onGone)
    const database = await openDB(name, 1, {
      upgrade,
      blocking: (_current, blocked) => onGone(blocked === null),
      terminated: () => onGone(false),
    })
    return {
      transaction(stores, mode, options) {
        const tx = database.transaction(stores, mode, options)
        return {
          done: tx.done,
          get error() {
            return tx.error
          },
          plain: unwrap(tx),
          objectStore: (name) => tx.objectStore(name) as ReturnType<Transaction['objectStore']>,
          commit: () => tx.commit(),
          abort: () => tx.abort(),
        }
      },
      close: () => database.close(),
    }
  })
}

function close(connection: Connection): void {
  connection.close()
}

function readerOf(tx: Transaction): ReadTransaction {
  return {
    get: <S extends LogStore>(store: S, key: LogKey) =>
      tx.objectStore(store).get(key) as Promise<LogSchema[S] | undefined>,
    getAll: <S extends LogStore>(store: S, range?: KeyRange, limit?: number) =>
      tx.objectStore(store).getAll(range && keyRange(range), limit) as Promise<LogSchema[S][]>,
    // No other keys are put.
    keys: (store, range) => tx.objectStore(store).getAllKeys(range && keyRange(range)) as Promise<LogKey[]>,
  }
}

// Nobody waits for a single put: one that fails aborts the transaction, which tells. Except `unsure`, what must be known
// to be stored before the rest is committed: in a private window of Safari a Blob is not, and a transaction that was
// told to commit by then completes without it.
function writerOf(tx: Transaction, unsure: Promise<unknown>[]): WriteTransaction {
  const { plain } = tx
  return {
    ...readerOf(tx),
    put(store, key, value) {
      const request = plain.objectStore(store).put(value, key)
      if (store === 'segments' && (value as StoredSegment).attachments) unsure.push(outcomeOf(request))
    },
    delete: (store, range) => void plain.objectStore(store).delete(keyRange(range) ?? everyKey()),
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

// Chromium, Firefox and Safari each have handles on which every further transaction fails like the first.
function isBadConnection(error: unknown): boolean {
  return error instanceof DOMException && ['InvalidStateError', 'UnknownError', 'AbortError'].includes(error.name)
}

// A full disk is found out before anything is written. Of any other failure while it committed nobody can say whether
// it is stored: the next transaction that reads the log can.
function storageError(error: unknown, committing = false): unknown {
  if (!(error instanceof DOMException)) return error
  // Not the storage's fault, but what should be stored.
  if (error.name === 'DataCloneError' || error.name === 'DataError' || /\bBlob\b/.test(error.message)) return error
  if (error.name === 'QuotaExceededError') {
    return storeError(
      'quota-exceeded',
      "The browser's storage for this site is full: free space (compact, retention, clear), then try again.",
      {},
      error,
    )
  }
  const reason = `IndexedDB failed (${error.name}: ${error.message})`
  return committing
    ? storeError('storage-unavailable', `${reason} while it committed.`, { mayBeStored: true }, error)
    : storeError('storage-unavailable', `${reason}: nothing of this step was stored; try again.`, {}, error)
}
