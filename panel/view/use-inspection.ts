import { useState } from 'preact/hooks'
import type { StoredEvent } from '../../src/core/event.js'
import type { PanelSource, Path } from '../../src/protocol/panel-source.js'
import { isString, oneOf, type KeptState } from '../model/kept-state.js'
import { isMarks, NO_MARKS, type Marks } from '../model/marks.js'
import { useKept } from './use-kept.js'

export const DETAIL_TABS = ['Event', 'State', 'Diff A↔B', 'History of path'] as const
export type DetailTab = (typeof DETAIL_TABS)[number]

/** What is looked at beside the log: a projection, two marks to compare it at, and one path in it. */
export interface Inspection {
  source: PanelSource
  projections: readonly string[]
  projection: string
  setProjection(name: string): void
  marks: Marks
  mark(which: 'a' | 'b', event: StoredEvent): void
  path: Path
  setPath(path: Path): void
  tab: DetailTab
  setTab(tab: DetailTab): void
  /** Brings this event into sight and selects it. */
  show(event: StoredEvent): void
}

export function useInspection(
  source: PanelSource,
  projections: readonly string[],
  kept: KeptState,
  show: (event: StoredEvent) => void,
): Inspection {
  const [named, setProjection] = useKept(kept, 'projection', isString, projections[0] ?? '')
  const [marks, setMarks] = useKept(kept, 'marks', isMarks, NO_MARKS)
  const [tab, setTab] = useKept<DetailTab>(kept, 'detail', oneOf(DETAIL_TABS), 'Event')
  const [path, setPath] = useState<Path>([])
  return {
    source,
    projections,
    // The one that was kept may be gone with the release that had it.
    projection: projections.includes(named) ? named : (projections[0] ?? ''),
    setProjection,
    marks,
    mark(which, { sequence, time }) {
      setMarks({ ...marks, [which]: { sequence, time } })
    },
    path,
    setPath,
    tab,
    setTab,
    show,
  }
}
