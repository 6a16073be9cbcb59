/**
 * Every contender once per round, the order rotated by one from round to round: whatever slows the machine for a while
 * slows all of them, and nobody always runs after the same other one.
 *
 * @template {string} Name
 * @template Sample
 * @param {readonly Name[]} contenders
 * @param {number} rounds
 * @param {(contender: Name, round: number) => Promise<Sample>} measure
 * @returns {Promise<Record<Name, Sample[]>>} each contender's samples, by round
 */
export async function interleave(contenders, rounds, measure) {
  /** @type {Map<Name, Sample[]>} */
  const samples = new Map(contenders.map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (let at = 0; at < contenders.length; at++) {
      const contender = /** @type {Name} */ (contenders[(at + round) % contenders.length])
      samples.get(contender)?.push(await measure(contender, round))
    }
  }
  return /** @type {Record<Name, Sample[]>} */ (Object.fromEntries(samples))
}
