import type { ReadTransaction, SegmentEntry, WriteTransaction } from './database.js'

/** The first look loads what the newest 16,384 events lie in; each further one four times as much. */
const FIRST_SPAN = 16_384

/** The index or the head is not what was written: both can be made anew from the segments. */
export class DamagedIndex extends Error {}

/** Small neighbouring groups become one of up to this many entries when they are rewritten. */
const GROUP_ENTRIES = 64

/**
 * What is known of the stored segments: always a suffix of them, in order, and loaded backwards as far as a reader
 * asks, since most readers want the newest. It is stored in groups, one record per commit, whose key is the first
 * sequence of the group's first segment.
 */
export class SegmentIndex {
  #groups: SegmentEntry[][]
  #entries: SegmentEntry[] | null = null
  /** Entries of segments from this sequence on are loaded. */
  #loadedFrom: number
  #span = FIRST_SPAN

  constructor(nextSequence: number, groups: SegmentEntry[][] = []) {
    this.#loadedFrom = nextSequence
    this.#groups = groups
  }

  /** In order, without a gap up to the head. */
  get entries(): readonly SegmentEntry[] {
    return (this.#entries ??= this.#groups.flat())
  }

  /** Every segment there is, is loaded. */
  get complete(): boolean {
    return this.#loadedFrom === 0
  }

  add(group: SegmentEntry[]): void {
    this.#groups.push(group)
    if (this.#entries) for (const entry of group) this.#entries.push(entry)
  }

  /** The same index with what others have appended since. */
  async extended(tx: ReadTransaction, fromSequence: number): Promise<SegmentIndex> {
    const added = checked(await tx.getAll('index', { from: fromSequence }))
    const index = new SegmentIndex(this.#loadedFrom, [...this.#groups, ...added])
    index.#span = this.#span
    return index
  }

  /** Loads the next older ones. A group reaches beyond its key: one that begins before the span comes with the next. */
  async loadMore(tx: ReadTransaction): Promise<void> {
    const to = this.#loadedFrom
    const from = Math.max(0, to - this.#span)
    const groups = checked(await tx.getAll('index', { from, to }))
    // Another reader loaded the same meanwhile.
    if (this.#loadedFrom !== to) return
    this.#groups = [...groups, ...this.#groups]
    this.#entries = null
    this.#span *= 4
    this.#loadedFrom = from
  }

  async loadUntil(tx: ReadTransaction, enough: (oldest: SegmentEntry) => boolean): Promise<void> {
    while (!this.complete && !(this.entries.length > 0 && enough(this.entries[0]!))) await this.loadMore(tx)
  }

  async loadAll(tx: ReadTransaction): Promise<void> {
    await this.loadUntil(tx, () => false)
  }

  // Puts other entries in the place of those that begin at the sequences named; none takes them out. All must be loaded.
  replace(tx: WriteTransaction, replacements: ReadonlyMap<number, readonly SegmentEntry[]>): void {
    const groups: SegmentEntry[][] = []
    const rewritten = new Set<SegmentEntry[]>()
    for (const group of this.#groups) {
      if (!group.some((entry) => replacements.has(entry.first))) {
        groups.push(group)
        continue
      }
      const changed = group.flatMap((entry) => replacements.get(entry.first) ?? [entry])
      tx.delete('index', { from: group[0]!.first, to: group[0]!.first + 1 })
      const before = groups.at(-1)
      if (before && rewritten.has(before) && before.length + changed.length <= GROUP_ENTRIES) before.push(...changed)
      else if (changed.length > 0) {
        groups.push(changed)
        rewritten.add(changed)
      }
    }
    for (const group of rewritten) tx.put('index', group[0]!.first, group)
    this.#groups = groups
    this.#entries = null
  }
}

function checked(groups: SegmentEntry[][]): SegmentEntry[][] {
  for (const group of groups) {
    if (!Array.isArray(group) || group.length === 0 || !group.every(isEntry))
      throw new DamagedIndex('A group is damaged')
  }
  return groups
}

function isEntry(entry: Partial<SegmentEntry> | null): boolean {
  if (typeof entry !== 'object' || entry === null) return false
  const { first, last, count, bytes, plainBytes, topics, types } = entry
  return (
    [first, last, count, bytes, plainBytes].every(Number.isSafeInteger) && Array.isArray(topics) && Array.isArray(types)
  )
}
