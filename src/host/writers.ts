import { faultOf, type Fault } from '../core/fault.js'
import { createMemoryDatabase } from '../log/memory-database.js'
import { openIndexedDatabase } from '../log/indexed-database.js'
import type { LogDatabase } from '../log/database.js'
import { logDatabaseName } from '../protocol/names.js'
import type { Hello } from '../protocol/writer-api.js'
import type { Session } from '../writer/session.js'
import { StoreWriter } from '../writer/writer.js'

export interface Joined {
  writer: StoreWriter
  session: Session
  /** Why nothing is kept on disk although it was asked for; null when it is. */
  storageFault: Fault | null
}

interface Open {
  writer: StoreWriter
  storageFault: Fault | null
}

/** The writers of one context, one for each store that has a tab. */
export class Writers {
  readonly #open = new Map<string, Promise<Open>>()

  async join(hello: Hello): Promise<Joined> {
    const key = `${hello.options.storage ?? 'auto'} ${hello.store}`
    let opening = this.#open.get(key)
    if (!opening) {
      opening = openWriter(hello)
      this.#open.set(key, opening)
      opening.catch(() => this.#open.delete(key))
    }
    const { writer, storageFault } = await opening
    // Its last tab may have left while we waited: then it is closing.
    if (this.#open.get(key) !== opening) return this.join(hello)
    writer.configure(hello.options)
    const session = writer.join(hello.producer, hello.session, () => {
      if (writer.sessions > 0 || this.#open.get(key) !== opening) return
      this.#open.delete(key)
      void writer.flush().then(
        () => writer.close(),
        () => writer.close(),
      )
    })
    return { writer, session, storageFault }
  }
}

async function openWriter({ store, options }: Hello): Promise<Open> {
  let storageFault: Fault | null = null
  let database: LogDatabase | null = null
  if (options.storage !== 'memory') {
    try {
      database = await openIndexedDatabase(logDatabaseName(store))
    } catch (error) {
      storageFault = faultOf(error)
    }
  }
  return { writer: new StoreWriter(store, database ?? createMemoryDatabase()), storageFault }
}
