import { outcomeOf, ownException } from './idb-factory.js'
import type { Connection } from './indexed-database.js'

/**
 * A database of another document as idb would give it. What is read is cloned: otherwise it would be made of that
 * document's arrays and maps, which no `instanceof` here knows.
 */
export async function openForeign(
  factory: IDBFactory,
  name: string,
  upgrade: (database: IDBDatabase) => void,
  onGone: (deleted: boolean) => void,
): Promise<Connection> {
  const request = factory.open(name, 1)
  request.onupgradeneeded = () => upgrade(request.result)
  const database = await outcomeOf(request)
  database.onversionchange = ({ newVersion }) => onGone(newVersion === null)
  database.onclose = () => onGone(false)
  return {
    transaction(stores, mode, options) {
      const tx = own(() => database.transaction(stores, mode, options))
      const read = async <T>(asked: IDBRequest<T>): Promise<T> => structuredClone(await outcomeOf(asked))
      return {
        done: new Promise((resolve, reject) => {
          tx.oncomplete = () => resolve()
          tx.onabort = () => reject(ownException(tx.error))
        }),
        get error() {
          return tx.error && ownException(tx.error)
        },
        plain: tx,
        objectStore(name) {
          const store = tx.objectStore(name)
          return {
            get: (key) => read(store.get(key)),
            getAll: (range, limit) => read(store.getAll(range, limit)),
            getAllKeys: (range) => read(store.getAllKeys(range)) as Promise<(string | number)[]>,
          }
        },
        commit: () => own(() => tx.commit()),
        abort: () => own(() => tx.abort()),
      }
    },
    close: () => database.close(),
  }
}

function own<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw ownException(error)
  }
}
