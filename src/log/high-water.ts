import type { Witness } from '../protocol/writer-api.js'
import type { Head } from './database.js'
import type { LogMemory } from './log-memory.js'

type Mark = Pick<Head, 'database' | 'epoch' | 'revision'>

/**
 * How far an open log is known to have got. A stored head below it is not the one that was committed: the database was
 * wiped or rewound. Sequences and positions may be noted before they are committed, since none below is given out again.
 */
export class HighWater {
  #mark: Mark | null = null
  #deleted: string | null = null
  #nextSequence = 0
  readonly #topics = new Map<string, number>()

  isAbove({ database, revision }: Head): boolean {
    const mark = this.#mark
    if (mark === null || mark.database === this.#deleted) return false
    return database !== mark.database || revision < mark.revision
  }

  committed({ database, epoch, revision, nextSequence }: Head): void {
    // Of nothing stored yet.
    if (revision === 0 || (this.#mark?.database === database && this.#mark.revision > revision)) return
    this.#mark = { database, epoch, revision }
    this.#nextSequence = Math.max(this.#nextSequence, nextSequence)
  }

  /** This is where the log stands now, whatever it was before. */
  restart({ database, epoch, revision }: Head): void {
    this.#mark = { database, epoch, revision }
  }

  raise({ head, topics }: LogMemory): void {
    if (this.#mark?.database !== head.database) return
    this.#nextSequence = Math.max(this.#nextSequence, head.nextSequence)
    for (const { name, next } of topics.values()) this.#topics.set(name, Math.max(this.#topics.get(name) ?? 0, next))
  }

  witness(): Witness {
    const { database = '', epoch = 0 } = this.#mark ?? {}
    return { database, epoch, nextSequence: this.#nextSequence, topics: [...this.#topics] }
  }

  // A commit under way may still end, and is no reason to take the next database for a damaged one.
  forget(): void {
    this.#deleted = this.#mark?.database ?? null
    this.#nextSequence = 0
    this.#topics.clear()
  }
}
