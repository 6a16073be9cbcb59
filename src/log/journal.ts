import type { EventColumns } from '../codec/columns.js'
import { locksHere } from '../core/locks.js'
import { journalName, journalPrefix, sharedJournalName } from '../protocol/names.js'
import { deleteDatabase } from './delete-database.js'
import { outcomeOf, ownException, withFactory } from './idb-factory.js'

// A journal holds what a tab recorded and no writer has confirmed yet. It is a database of the tab's own: behind another
// transaction, the log's or another tab's, nothing would reach the disk in time. A put whose transaction is told to
// commit in the same task survives the crash of the tab.

/** A burst of recorded events of one tab. */
export interface JournalEntry {
  columns: EventColumns
  session: string
}

const STORE = 'bursts'

/** Key of an entry: who wrote it, and its first running number. */
type Key = [producer: string, firstSeq: number]

/** No promise of it stays open when the connection goes: a lost connection is opened anew by the next call. */
export class Journal {
  readonly #name: string
  #database: IDBDatabase | null = null
  #opening: Promise<IDBDatabase> | null = null

  constructor(name: string) {
    this.#name = name
  }

  /** Resolves once writing can begin in the same task as the call. Rejects where there is no IndexedDB. */
  async open(): Promise<void> {
    await this.#connect()
  }

  // Put and told to commit before it returns, while the connection is open. Resolves when it is on its way to disk.
  // `coveredTo` is the last running number of this producer that is committed to the log: those entries go.
  async write(entry: JournalEntry, coveredTo: number): Promise<void> {
    const database = this.#database ?? (await this.#connect())
    const { producers, producerSeq } = entry.columns
    const producer = producers[0]!
    await this.#run(database, (store) => {
      store.put(entry, [producer, producerSeq[0]!])
      if (coveredTo >= 0) store.delete(upTo(producer, coveredTo))
    })
  }

  /** Drops what a producer wrote up to a running number. */
  async forget(producer: string, to: number): Promise<void> {
    await this.#run(this.#database ?? (await this.#connect()), (store) => {
      store.delete(upTo(producer, to))
    })
  }

  /** All entries there are, each producer's in order. */
  async entries(): Promise<JournalEntry[]> {
    return (await this.#ask((store) => store.getAll())) as JournalEntry[]
  }

  /** Drops exactly these entries. */
  async remove(entries: readonly JournalEntry[]): Promise<void> {
    await this.#run(await this.#connect(), (store) => {
      for (const { columns } of entries) store.delete([columns.producers[0]!, columns.producerSeq[0]!] satisfies Key)
    })
  }

  /** Deletes it, if nothing is left in it. Nobody else may have it open. */
  async deleteIfEmpty(): Promise<void> {
    const left = (await this.#ask((store) => store.count())) as number
    this.close()
    if (left === 0) await deleteDatabase(this.#name)
  }

  close(): void {
    this.#database?.close()
    this.#database = null
    this.#opening = null
  }

  #connect(): Promise<IDBDatabase> {
    this.#opening ??= this.#open()
    return this.#opening
  }

  #open(): Promise<IDBDatabase> {
    const opening = withFactory(async (factory) => {
      const request = factory.open(this.#name, 1)
      request.onupgradeneeded = () => request.result.createObjectStore(STORE)
      const database = await outcomeOf(request)
      if (this.#opening !== opening) database.close()
      else this.#database = database
      database.onversionchange = () => this.#drop(database)
      database.onclose = () => this.#drop(database)
      return database
    })
    opening.catch(() => {
      if (this.#opening === opening) this.#opening = null
    })
    return opening
  }

  #drop(database: IDBDatabase): void {
    if (this.#database === database) this.close()
    else database.close()
  }

  // Resolves on complete and rejects on abort: a full disk fires no error.
  #run(database: IDBDatabase, work: (store: IDBObjectStore) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const tx = this.#begin(database, 'readwrite')
      tx.oncomplete = () => resolve()
      tx.onabort = () => {
        // Only a full disk leaves the connection as good as it was.
        if (tx.error?.name !== 'QuotaExceededError') this.#drop(database)
        reject(ownException(tx.error))
      }
      work(tx.objectStore(STORE))
      tx.commit()
    })
  }

  async #ask(question: (store: IDBObjectStore) => IDBRequest): Promise<unknown> {
    const database = await this.#connect()
    const answer = await outcomeOf(question(this.#begin(database, 'readonly').objectStore(STORE)))
    // Through another document's connection it is made of that document's arrays.
    return typeof answer === 'object' && !(answer instanceof Array) ? structuredClone(answer) : answer
  }

  // A connection that fails is closed: the next call opens another.
  #begin(database: IDBDatabase, mode: IDBTransactionMode): IDBTransaction {
    try {
      return database.transaction(STORE, mode, { durability: 'relaxed' })
    } catch (error) {
      this.#drop(database)
      throw ownException(error)
    }
  }
}

function upTo(producer: string, seq: number): IDBKeyRange {
  return IDBKeyRange.bound([producer, -Infinity], [producer, seq])
}

/** The journals there are of a store. Where the browser does not tell, all tabs write to one. */
export async function journalsOf(store: string): Promise<string[]> {
  if (!toldApart()) return [sharedJournalName(store)]
  const databases = await withFactory((factory) => factory.databases())
  return databases.flatMap(({ name }) => (name?.startsWith(journalPrefix(store)) ? [name] : []))
}

/** The journal that is this tab's alone; null where there can be none. */
export function ownJournalName(store: string, producer: string): string | null {
  return toldApart() && locksHere() ? journalName(store, producer) : null
}

function toldApart(): boolean {
  return typeof indexedDB.databases === 'function'
}
