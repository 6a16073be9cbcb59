import type { Page } from './tabs.js'

type Rows = [key: IDBValidKey, value: unknown][]

/** The log's database of the store 'faults', behind the back of whoever has it open. Bytes travel as lists. */
export function rawDatabase(page: Page, name = 'tabscribe:faults') {
  return {
    /** Keeps a copy of everything in the page and answers with its name. */
    copy: (): Promise<string> =>
      page.evaluate(async (name) => {
        const database = await new Promise<IDBDatabase>((resolve, reject) => {
          const request = indexedDB.open(name)
          request.onsuccess = () => resolve(request.result)
          request.onerror = () => reject(request.error!)
        })
        const stores = [...database.objectStoreNames]
        const tx = database.transaction(stores)
        const all: Record<string, Rows> = {}
        const ask = <T>(request: IDBRequest<T>): Promise<T> =>
          new Promise((resolve) => {
            request.onsuccess = () => resolve(request.result)
          })
        await Promise.all(
          stores.map(async (store) => {
            const [keys, values] = await Promise.all([
              ask(tx.objectStore(store).getAllKeys()),
              ask(tx.objectStore(store).getAll() as IDBRequest<unknown[]>),
            ])
            all[store] = keys.map((key, at) => [key, values[at]])
          }),
        )
        database.close()
        const id = `copy ${Math.random()}`
        Object.assign(globalThis, { [id]: all })
        return id
      }, name),

    /** Puts everything back as it was when the copy was made. */
    putBack: (copy: string): Promise<void> =>
      page.evaluate(
        async ([name, copy]) => {
          const all = (globalThis as unknown as Record<string, Record<string, Rows>>)[copy]!
          const database = await new Promise<IDBDatabase>((resolve, reject) => {
            const request = indexedDB.open(name)
            request.onsuccess = () => resolve(request.result)
            request.onerror = () => reject(request.error!)
          })
          const tx = database.transaction(Object.keys(all), 'readwrite')
          for (const [store, rows] of Object.entries(all)) {
            tx.objectStore(store).clear()
            for (const [key, value] of rows) tx.objectStore(store).put(value, key)
          }
          await new Promise<void>((resolve) => {
            tx.oncomplete = () => resolve()
          })
          database.close()
        },
        [name, copy] as const,
      ),

    /**
     * Changes one record by a function that runs in the page; undefined deletes it. Answers with its key. `at` counts
     * the store's keys.
     */
    async change(store: string, at: number, change: (value: never) => unknown): Promise<IDBValidKey> {
      await page.evaluate(`Object.assign(globalThis, { change: ${change.toString()} }) && null`)
      return page.evaluate(
        async ([name, store, at]) => {
          const changer = globalThis as unknown as { change: (value: unknown) => unknown }
          const database = await new Promise<IDBDatabase>((resolve, reject) => {
            const request = indexedDB.open(name)
            request.onsuccess = () => resolve(request.result)
            request.onerror = () => reject(request.error!)
          })
          const objects = database.transaction(store, 'readwrite').objectStore(store)
          const ask = <T>(request: IDBRequest<T>): Promise<T> =>
            new Promise((resolve) => {
              request.onsuccess = () => resolve(request.result)
            })
          const key = (await ask(objects.getAllKeys())).at(at)!
          const changed = changer.change(await ask(objects.get(key) as IDBRequest<unknown>))
          if (changed === undefined) objects.delete(key)
          else objects.put(changed, key)
          await new Promise<void>((resolve) => {
            objects.transaction.oncomplete = () => resolve()
          })
          database.close()
          return key
        },
        [name, store, at] as const,
      )
    },

    count: (store: string): Promise<number> =>
      page.evaluate(
        ([name, store]) =>
          new Promise<number>((resolve) => {
            const request = indexedDB.open(name)
            request.onsuccess = () => {
              const counted = request.result.transaction(store).objectStore(store).count()
              counted.onsuccess = () => {
                request.result.close()
                resolve(counted.result)
              }
            }
          }),
        [name, store] as const,
      ),
  }
}
