import type { Tracked } from '../protocol/counters.js'
import type { Connection } from './connection.js'

/** What a tab last heard from its writer, for questions that cannot wait. */
export interface Heard {
  readonly tracked: () => Tracked
  readonly setTracked: (tracked: Tracked) => void
}

export function heardOver(connection: Connection): Heard {
  let heard: { link: unknown; tracked: Tracked } | null = null
  return {
    // Another writer has told on its own.
    tracked: () => (heard?.link === connection.route.link ? heard.tracked : connection.route.link.tracked),
    setTracked(tracked) {
      heard = { link: connection.route.link, tracked }
    },
  }
}
