import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { PanelSource } from '../../src/protocol/panel-source.js'
import { coarseLanes, coarseUnit } from '../model/coarse-lanes.js'
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
  /** As the counters tell it, until the events themselves are counted. */
  isCoarse: boolean
}

/** Names looked at for the coarse view. */
const MOST_COUNTERS = 500

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
  useEffect(() => {
    const latest = new LatestWins(REFRESH_GAP_MS, onFault)
    queue.current = latest
    return () => latest.close()
  }, [source, onFault])
  useEffect(() => {
    if (tile === null) return setFound(null)
    const { since, until, buckets } = tile
    queue.current?.ask(async () => {
      const { lanes } = await source.lanes({ ...names, since, until, buckets })
      setFound({ tile, lanes, isCoarse: false })
    })
  }, [source, tile, revision, names])
  const isAsked = tile !== null
  useEffect(() => {
    if (tile === null) return
    let isOver = false
    const show = (coarse: LaneTile): void => {
      if (!isOver) setFound((known) => known ?? coarse)
    }
    // Where it cannot be told, the counts will come.
    coarseTile(source, names, tile).then(show, () => {})
    return () => {
      isOver = true
    }
    // Once, for the first tile: later ones find something drawn.
  }, [source, names, isAsked])
  return found
}

async function coarseTile(source: PanelSource, { by, topics, types }: LaneNames, tile: Tile): Promise<LaneTile> {
  const now = Date.now()
  const [overview, first] = await Promise.all([
    source.overview(),
    source.counters({ unit: null, containing: '', limit: 0 }),
  ])
  const unit = coarseUnit(first.tracked, tile.since, now)
  if (unit === null) throw new Error('Nothing is counted')
  const { counters } = await source.counters({ unit, containing: '/', limit: MOST_COUNTERS })
  const known = overview.topics.map(({ name }) => name).filter((name) => topics?.includes(name) ?? true)
  return { tile, lanes: coarseLanes(counters, unit, { by, topics: known, types }, tile, now), isCoarse: true }
}
