/**
 * Addresses for what has none: the highest bit, which no real one has, 31 bits by chance, which tell captures apart, and a
 * number that counts up.
 */
export function madeUpAddresses(): () => bigint {
  const [chance = 0] = crypto.getRandomValues(new Uint32Array(1))
  let next = (1n << 63n) | (BigInt(chance >>> 1) << 32n)
  return () => next++
}
