import { fault, type Fault } from '../core/fault.js'
import type { Witness } from '../protocol/writer-api.js'
import type { Head, WriteTransaction } from './database.js'
import type { LogMemory } from './log-memory.js'
import { putChangedHead } from './seen.js'

/**
 * Compares the log with what a tab remembers of it outside of the database. A log that is behind, or another one, lost
 * data that no checksum inside can miss: it begins a new epoch, above every sequence and position given out before.
 */
export async function checkWitness(
  tx: WriteTransaction,
  memory: LogMemory,
  witness: Witness,
  isBehind = false,
): Promise<Fault | null> {
  const { head } = memory
  const same = head.database === witness.database && head.revision > 0
  if (!isBehind && same && head.epoch >= witness.epoch && head.nextSequence >= witness.nextSequence) return null
  // Another tab's note told of the loss before, but perhaps not of every topic.
  const known = !same && head.epoch > witness.epoch
  const rows = await Promise.all(witness.topics.map(([name]) => memory.topic(tx, name)))
  const behind = rows.flatMap((row, at) =>
    row.next < witness.topics[at]![1] ? [{ row, next: witness.topics[at]![1] }] : [],
  )
  if (!isBehind && known && behind.length === 0 && head.nextSequence >= witness.nextSequence) return null
  memory.head = {
    ...head,
    epoch: known ? head.epoch : Math.max(head.epoch, witness.epoch) + 1,
    nextSequence: Math.max(head.nextSequence, witness.nextSequence),
  }
  for (const { row, next } of behind) {
    const raised = { ...row, next, first: row.count > 0 ? row.first : next }
    memory.topics.set(row.name, raised)
    tx.put('topics', row.name, raised)
  }
  putChangedHead(tx, memory, { removed: true })
  if (known && !isBehind) return null
  const from = same ? head.nextSequence : 0
  const lost =
    from < witness.nextSequence
      ? `The browser lost stored events (sequences ${from} to ${witness.nextSequence - 1})`
      : 'The browser put back older stored data'
  return fault('storage-lost', `${lost}: the log goes on after them, in a new epoch.`, {
    from,
    to: witness.nextSequence,
    epoch: memory.head.epoch,
  })
}

/** What was lost, and made good, since the witness was written: whoever found it may have had nobody to tell. */
export function lossSince({ database, epoch }: Head, witness: Witness): Fault | null {
  if (database !== witness.database || epoch <= witness.epoch) return null
  return fault(
    'storage-lost',
    'The browser lost stored events, or put back older ones, since this was last open: the log went on in a new epoch.',
    { to: witness.nextSequence, epoch },
  )
}
