import type { TopicInfo } from '../core/event.js'
import type { SnapshotTopic } from './database.js'

/** By name. */
export function topicInfos(topics: ReadonlyMap<string, SnapshotTopic>): TopicInfo[] {
  return [...topics]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { first, next, count, bytes, since, until }]) => ({
      name,
      first: count > 0 ? first : null,
      next,
      count,
      bytes,
      firstTime: count > 0 ? since : null,
      lastTime: count > 0 ? until : null,
    }))
}
