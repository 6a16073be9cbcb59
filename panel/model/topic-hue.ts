/** A colour of its own for every topic, the same in every session. */
export function topicHue(topic: string): number {
  let hash = 2166136261
  for (let index = 0; index < topic.length; index++) {
    hash = Math.imul(hash ^ topic.charCodeAt(index), 16777619)
  }
  // Steps of 24 degrees: neighbours can be told apart.
  return ((hash >>> 0) % 15) * 24
}
