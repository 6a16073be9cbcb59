import type { Receipt } from '../core/event.js'
import { storeError } from '../core/fault.js'
import type { IdPlace } from './ids.js'

export function receiptOf(topic: string, places: readonly IdPlace[]): Receipt {
  if (places.length === 0) {
    throw storeError(
      'outcome-unknown',
      `The events were committed to '${topic}' earlier and are no longer in the log: their receipt is lost.`,
      { topic },
    )
  }
  // A batch may have named an id twice: it was stored once.
  const count = new Set(places.map(({ position }) => position)).size
  const receipt = { topic, count, first: Infinity, last: -1, firstSequence: Infinity, lastSequence: -1 }
  for (const { position, sequence } of places) {
    receipt.first = Math.min(receipt.first, position)
    receipt.last = Math.max(receipt.last, position)
    receipt.firstSequence = Math.min(receipt.firstSequence, sequence)
    receipt.lastSequence = Math.max(receipt.lastSequence, sequence)
  }
  return receipt
}
