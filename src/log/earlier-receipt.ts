import type { Receipt } from '../core/event.js'
import { requestFor } from '../protocol/writer-api.js'
import type { IdPlace } from './ids.js'
import { visitRows, type Reading } from './read.js'
import { receiptOf } from './receipt.js'
import type { EarlierBatch } from './submitted.js'

/** What was answered when the batch was committed. Looked for newest first: an answer is lost seldom, and then lately. */
export async function earlierReceipt(
  reading: Reading,
  { topic, producer, fromSeq, toSeq }: EarlierBatch,
): Promise<Receipt> {
  const places: IdPlace[] = []
  const request = requestFor({ topics: [topic], direction: 'backward' })
  await visitRows(reading, request, undefined, ({ columns, position, sequence }, rows) => {
    for (const row of rows) {
      const seq = columns.producerSeq[row]!
      if (seq < fromSeq || seq > toSeq) continue
      if (columns.producers[columns.producer ? columns.producer[row]! : 0] !== producer) continue
      places.push({ position: position[row]!, sequence: sequence[row]! })
    }
    return places.length <= toSeq - fromSeq
  })
  return receiptOf(topic, places)
}
