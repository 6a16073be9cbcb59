import type { EventDraft } from '../core/event.js'
import type { ReadableStore } from '../core/store.js'

/**
 * What was recorded, in order, and no more: topic, type and data, and id, meta and weight where they were given. What
 * differs from run to run is left out.
 *
 * ```ts
 * expect(await draftsOf(store)).toEqual([{ topic: 'cart', type: 'paid', data: { cents: 450 } }])
 * ```
 */
export async function draftsOf(
  store: ReadableStore,
  query: { topics?: string[]; types?: string[] } = {},
): Promise<(EventDraft & { topic: string })[]> {
  const drafts: (EventDraft & { topic: string })[] = []
  for await (const { topic, type, data, id, meta, weight } of store.stream(query)) {
    drafts.push({
      topic,
      type,
      ...(data === undefined ? {} : { data }),
      ...(id === undefined ? {} : { id }),
      ...(meta === undefined ? {} : { meta }),
      ...(weight === 1 ? {} : { weight }),
    })
  }
  return drafts
}
