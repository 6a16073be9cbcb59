import type { EventColumns } from '../codec/columns.js'
import type { JournalEntry } from '../log/journal.js'
import { spillKey, spillPrefix } from '../protocol/names.js'

// What a page could not journal any more when it went. localStorage is written synchronously, which is what survives
// `pagehide`; a worker cannot read it, so the next tab hands it to the writer.

/** localStorage holds about 5 million characters of a whole origin: the oldest bursts that fit into a part of it. */
const MOST_CHARACTERS = 2_000_000

export class Spill {
  readonly #key: string
  #written = false

  constructor(store: string, producer: string) {
    this.#key = spillKey(store, producer)
  }

  /** Takes the place of what was spilled before. Bursts with values that have no text form cannot be spilled. */
  write(bursts: readonly EventColumns[], session: string, leaving: boolean): void {
    const entries: JournalEntry[] = []
    let characters = 0
    for (const columns of bursts) {
      if (columns.attachments !== null) continue
      characters += columns.text.length + 100 * columns.count
      if (characters > MOST_CHARACTERS) break
      entries.push({ columns, session })
    }
    try {
      localStorage.setItem(this.#key, JSON.stringify({ leaving, entries }, typedArraysAsLists))
      this.#written = true
    } catch {
      // Full or denied: what there is of it is in the journal, if it got there.
    }
  }

  clear(): void {
    if (!this.#written) return
    this.#written = false
    try {
      localStorage.removeItem(this.#key)
    } catch {}
  }
}

export interface FoundSpill {
  key: string
  text: string
  producer: string
  /** Its page was going when it was written. */
  leaving: boolean
  entries: JournalEntry[]
}

/** What tabs of this store left behind. */
export function findSpills(store: string, ownProducer: string): FoundSpill[] {
  const found: FoundSpill[] = []
  try {
    const prefix = spillPrefix(store)
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(prefix) || key === spillKey(store, ownProducer)) continue
      const text = localStorage.getItem(key)!
      const { leaving, entries } = JSON.parse(text) as Pick<FoundSpill, 'leaving' | 'entries'>
      found.push({ key, text, producer: key.slice(prefix.length), leaving, entries: entries.map(revive) })
    }
  } catch {
    // Denied, absent (Node), or not written by us.
  }
  return found
}

/** Drops what was found, unless it was written anew meanwhile. */
export function dropSpill({ key, text }: FoundSpill): void {
  if (localStorage.getItem(key) === text) localStorage.removeItem(key)
}

function typedArraysAsLists(_key: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value
}

function revive({ columns, session }: JournalEntry): JournalEntry {
  const list = (column: ArrayLike<number> | null) => column as unknown as number[] | null
  return {
    session,
    columns: {
      ...columns,
      topic: columns.topic && Uint32Array.from(list(columns.topic)!),
      type: columns.type && Uint32Array.from(list(columns.type)!),
      producerSeq: Float64Array.from(list(columns.producerSeq)!),
      time: Float64Array.from(list(columns.time)!),
      weight: columns.weight && Float64Array.from(list(columns.weight)!),
      kind: columns.kind && Uint8Array.from(list(columns.kind)!),
      ends: Uint32Array.from(list(columns.ends)!),
    },
  }
}
