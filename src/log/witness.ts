import { fault, type Fault } from '../core/fault.js'
import type { Witness } from '../protocol/writer-api.js'
import type { WriteTransaction } from './database.js'
import type { LogMemory } from './log-memory.js'
import { putChangedHead } from './seen.js'

/**
 * Compares the log with what a tab remembers of it outside of the database. A log that is behind, or another one, lost
 * data that no checksum inside can miss: it begins a new epoch, above every sequence and position given out before.
 */
export async function checkWitness(tx: WriteTransaction, memory: LogMemory, witness: Witness): Promise<Fault | null> {
  const { head } = memory
  const same = head.database === witness.database && head.revision > 0
  if (same && head.epoch >= witness.epoch && head.nextSequence >= witness.nextSequence) return null
  if (!same && head.epoch > witness.epoch) return null
  memory.head = {
    ...head,
    epoch: Math.max(head.epoch, witness.epoch) + 1,
    nextSequence: Math.max(head.nextSequence, witness.nextSequence),
  }
  for (const [name, next] of witness.topics) {
    const row = await memory.topic(tx, name)
    if (row.next >= next) continue
    const raised = { ...row, next, first: row.count > 0 ? row.first : next }
    memory.topics.set(name, raised)
    tx.put('topics', name, raised)
  }
  putChangedHead(tx, memory, { removed: true })
  const from = same ? head.nextSequence : 0
  return fault(
    'storage-lost',
    `The browser lost stored events (sequences ${from} to ${witness.nextSequence - 1}): the log goes on after them, in a new epoch.`,
    { from, to: witness.nextSequence, epoch: memory.head.epoch },
  )
}
