import { storeError } from '../core/fault.js'
import type { ProducerRow, ReadTransaction, WriteTransaction } from './database.js'
import { isCommitted, withCommitted } from './known-events.js'
import type { LogMemory } from './log-memory.js'

/**
 * What a tab asked for besides recording, numbered among its records. The transaction that does it marks it done, so
 * that no other writer, asked again because the answer was lost, does it to what was recorded later.
 */
export interface Command {
  producer: string
  session: string
  seq: number
  /** Done before its turn, in which it is done again: that one marks it. */
  isEarly?: boolean
}

export async function isDone(tx: ReadTransaction, memory: LogMemory, command: Command): Promise<boolean> {
  const producer = await memory.producer(tx, command.producer, command.session)
  if (isCommitted(producer, command.seq)) return true
  assertInOrder(producer, command.seq)
  return false
}

// What a sleeping or dying tab left in its journal may be stored by another writer while the one that was asked is
// silent: what it asked for before that would come too late.
export function assertInOrder({ lastSeq }: ProducerRow, seq: number): void {
  if (seq > lastSeq) return
  throw storeError(
    'outcome-unknown',
    'The writer had stopped answering, and what this tab recorded later is stored already: this was not done. Ask again.',
  )
}

/** The memory must hold the producer. */
export function markDone(tx: WriteTransaction, memory: LogMemory, { producer, seq, isEarly }: Command): void {
  if (isEarly) return
  const row = withCommitted(memory.producers.get(producer)!, seq, seq)
  memory.producers.set(producer, row)
  tx.put('producers', producer, row)
}

/** Counts what an erase removes in this transaction. */
export function addErased(tx: WriteTransaction, memory: LogMemory, command: Command, count: number): void {
  const { producer, seq, isEarly } = command
  if (isEarly) return
  const erased = { seq, count: erasedBy(memory, command) + count }
  const row = { ...memory.producers.get(producer)!, erased }
  memory.producers.set(producer, row)
  tx.put('producers', producer, row)
}

/** Of a producer's last erase; 0 when there was another one since. */
export function erasedBy(memory: LogMemory, { producer, seq }: Command): number {
  const { erased } = memory.producers.get(producer)!
  return erased?.seq === seq ? erased.count : 0
}
