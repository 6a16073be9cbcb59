import type { ProducerRow } from './database.js'

// Exactly once: what was committed under a (producer, producerSeq) is not committed again.

/** Older gaps than these are taken for closed. */
const GAPS_KEPT = 64

export function isCommitted(producer: ProducerRow, seq: number): boolean {
  return seq <= producer.lastSeq && !producer.gaps.some(([from, to]) => from <= seq && seq <= to)
}

/** The producer's row once the run `from`…`to` is committed too. */
export function withCommitted(producer: ProducerRow, from: number, to: number): ProducerRow {
  const next = producer.lastSeq + 1
  if (from === next) return { ...producer, lastSeq: to }
  if (from > next) {
    const gaps: ProducerRow['gaps'] = [...producer.gaps, [next, from - 1]]
    return { ...producer, lastSeq: to, gaps: gaps.slice(-GAPS_KEPT) }
  }
  const gaps = producer.gaps.flatMap(([low, high]) => {
    const rest: ProducerRow['gaps'] = [
      [low, Math.min(high, from - 1)],
      [Math.max(low, to + 1), high],
    ]
    return rest.filter(([first, last]) => first <= last)
  })
  return { ...producer, gaps }
}
