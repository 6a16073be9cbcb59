import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { PanelSource } from '../../src/protocol/panel-source.js'
import type { Counting } from '../../src/protocol/timeline.js'
import type { LaneCounts } from '../model/lane-order.js'
import { LatestWins } from '../model/latest-wins.js'
import { tileFor, type Tile, type Viewport } from '../model/viewport.js'

const REFRESH_GAP_MS = 100

export interface LaneNames {
  by: 'topic' | 'type'
  /** Null: all. */
  topics: string[] | null
  types: string[] | null
}

export interface LaneTile {
  tile: Tile
  lanes: LaneCounts[]
  /** Until events are counted one by one, they are drawn where they must about be. */
  counting: Counting | null
}

/** Counts around the viewport; what was counted before is drawn until the new is there, and the newest question wins. */
export function useLanes(
  source: PanelSource,
  names: LaneNames,
  view: Viewport | null,
  width: number,
  revision: number,
  onFault: (error: unknown) => void,
): LaneTile | null {
  const [found, setFound] = useState<LaneTile | null>(null)
  const queue = useRef<LatestWins | null>(null)
  const wanted = view === null || width === 0 ? null : tileFor(view, width)
  const tile = useMemo(() => wanted, [wanted?.since, wanted?.until, wanted?.bucketMs])
  const counted = found?.counting ?? null
  useEffect(() => {
    const latest = new LatestWins(REFRESH_GAP_MS, onFault)
    queue.current = latest
    return () => latest.close()
  }, [source, onFault])
  useEffect(() => {
    if (tile === null) return setFound(null)
    const { since, until, buckets } = tile
    queue.current?.ask(async () => {
      const { lanes, counting } = await source.lanes({ ...names, since, until, buckets })
      setFound({ tile, lanes, counting })
    })
  }, [source, tile, revision, names, counted])
  return found
}
