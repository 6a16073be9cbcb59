import type { EventColumns } from '../codec/columns.js'
import { journalDatabaseName } from '../protocol/names.js'

// The journal holds what tabs recorded and no writer has confirmed yet. It is a database of its own: behind a long
// transaction of the log's nothing would reach the disk in time. A put whose transaction is told to commit in the same
// task survives the crash of the tab.

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

  constructor(store: string) {
    this.#name = journalDatabaseName(store)
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

  /** Whose entries there are. */
  async producers(): Promise<string[]> {
    const keys = (await this.#ask((store) => store.getAllKeys())) as Key[]
    return [...new Set(keys.map(([producer]) => producer))]
  }

  /** A producer's entries, in order. */
  async entriesOf(producer: string): Promise<JournalEntry[]> {
    return (await this.#ask((store) => store.getAll(upTo(producer, Infinity)))) as JournalEntry[]
  }

  /** Drops exactly these entries. */
  async remove(entries: readonly JournalEntry[]): Promise<void> {
    await this.#run(await this.#connect(), (store) => {
      for (const { columns } of entries) store.delete([columns.producers[0]!, columns.producerSeq[0]!] satisfies Key)
    })
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
    const opening = new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(this.#name, 1)
      request.onupgradeneeded = () => request.result.createObjectStore(STORE)
      request.onerror = () => reject(request.error!)
      request.onsuccess = () => {
        const database = request.result
        if (this.#opening !== opening) database.close()
        else this.#database = database
        database.onversionchange = () => this.#drop(database)
        database.onclose = () => this.#drop(database)
        resolve(database)
      }
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
      tx.onabort = () => reject(tx.error ?? new DOMException('The journal was closed', 'AbortError'))
      work(tx.objectStore(STORE))
      tx.commit()
    })
  }

  async #ask(question: (store: IDBObjectStore) => IDBRequest): Promise<unknown> {
    const database = await this.#connect()
    return new Promise((resolve, reject) => {
      const request = question(this.#begin(database, 'readonly').objectStore(STORE))
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error!)
    })
  }

  // A connection that fails is closed: the next call opens another.
  #begin(database: IDBDatabase, mode: IDBTransactionMode): IDBTransaction {
    try {
      return database.transaction(STORE, mode, { durability: 'relaxed' })
    } catch (error) {
      this.#drop(database)
      throw error
    }
  }
}

function upTo(producer: string, seq: number): IDBKeyRange {
  return IDBKeyRange.bound([producer, -Infinity], [producer, seq])
}
