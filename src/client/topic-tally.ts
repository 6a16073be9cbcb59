import { startOf } from '../codec/columns.js'
import type { PlacedEvents } from '../codec/encode.js'
import type { TopicInfo } from '../core/event.js'

/** What of each topic is in a file. */
export class TopicTally {
  readonly #infos: Map<string, TopicInfo>

  constructor(known: readonly TopicInfo[]) {
    this.#infos = new Map(
      known.map(({ name, next }) => [
        name,
        { name, first: null, next, count: 0, bytes: 0, firstTime: null, lastTime: null },
      ]),
    )
  }

  add({ columns, position }: PlacedEvents, row: number): void {
    const name = columns.topics[columns.topic ? columns.topic[row]! : 0]!
    let info = this.#infos.get(name)
    if (!info) {
      info = { name, first: null, next: 0, count: 0, bytes: 0, firstTime: null, lastTime: null }
      this.#infos.set(name, info)
    }
    const [at, time] = [position[row]!, columns.time[row]!]
    info.first = Math.min(info.first ?? Infinity, at)
    info.next = Math.max(info.next, at + 1)
    info.count++
    info.bytes += columns.ends[row]! - startOf(columns.ends, row)
    info.firstTime = Math.min(info.firstTime ?? Infinity, time)
    info.lastTime = Math.max(info.lastTime ?? -Infinity, time)
  }

  infos(hideEmpty: boolean): TopicInfo[] {
    const infos = [...this.#infos.values()].filter(({ count }) => count > 0 || !hideEmpty)
    return infos.sort((a, b) => (a.name < b.name ? -1 : 1))
  }
}
