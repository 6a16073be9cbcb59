/**
 * Hands over every item in order, with at most `most` not yet done, and resolves when all are.
 * @template T
 * @param {readonly T[]} items
 * @param {number} most
 * @param {(item: T) => Promise<unknown>} handOver
 */
export async function keepInFlight(items, most, handOver) {
  /** @type {Promise<unknown>[]} */
  const underWay = []
  for (const item of items) {
    if (underWay.length === most) await underWay.shift()
    underWay.push(handOver(item))
  }
  await Promise.all(underWay)
}

/**
 * @template T
 * @param {readonly T[]} items
 * @param {number} length
 */
export function inBatches(items, length) {
  return Array.from({ length: Math.ceil(items.length / length) }, (_, at) =>
    items.slice(at * length, (at + 1) * length),
  )
}
