import { createContext } from 'preact'
import { useMemo } from 'preact/hooks'
import type { PanelOverview } from '../../src/protocol/panel-source.js'
import { NameColors } from '../model/name-colors.js'

export type Colors = Record<'topic' | 'type', NameColors>

/** Null until it is known what there is: a colour that was given stays. */
export const ColorsContext = createContext<Colors | null>(null)

export function useColors(overview: PanelOverview | null): Colors | null {
  return useMemo(
    () => overview && { topic: new NameColors(byAge(overview.topics)), type: new NameColors(overview.types) },
    [overview],
  )
}

/** Topics that come later take no colour from one that was there before. */
function byAge(topics: PanelOverview['topics']): string[] {
  const since = ({ firstTime }: PanelOverview['topics'][number]): number => firstTime ?? Infinity
  return topics
    .toSorted((a, b) => (since(a) === since(b) ? (a.name < b.name ? -1 : 1) : since(a) - since(b)))
    .map(({ name }) => name)
}
