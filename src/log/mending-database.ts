import type { LogDatabase } from './database.js'
import { DamagedIndex } from './segment-index.js'

/** The same database: a transaction that finds the index damaged is done again after `mend` has made a new one. */
export function mending(database: LogDatabase, mend: () => Promise<void>): LogDatabase {
  let mended: Promise<void> | null = null
  const retried = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof DamagedIndex)) throw error
    }
    mended ??= mend().finally(() => (mended = null))
    await mended
    return work()
  }
  return {
    kind: database.kind,
    set onDeleted(onDeleted: () => void) {
      database.onDeleted = onDeleted
    },
    read: (stores, body) => retried(() => database.read(stores, body)),
    write: (stores, durability, body) => retried(() => database.write(stores, durability, body)),
    close: () => database.close(),
  }
}
