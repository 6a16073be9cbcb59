import type { JSX } from 'preact'
import { useContext, useMemo, useRef } from 'preact/hooks'
import type { PanelSource } from '../../src/protocol/panel-source.js'
import { formatClock, formatShare, formatShort, formatSpan, plural } from '../model/format.js'
import { isStrings, oneOf, type KeptState } from '../model/kept-state.js'
import { lanesInOrder, type LaneCounts } from '../model/lane-order.js'
import type { Marks } from '../model/marks.js'
import { spanOf, type Tile, type Viewport } from '../model/viewport.js'
import { ColorsContext } from './colors.js'
import { LaneNames } from './LaneNames.js'
import { LaneTools } from './LaneTools.js'
import { LANE_HEIGHT, useLaneCanvas } from './use-lane-canvas.js'
import { useLaneGestures } from './use-lane-gestures.js'
import { useKept } from './use-kept.js'
import { useLanes } from './use-lanes.js'
import { useSize } from './use-size.js'
import type { ViewportState } from './use-viewport.js'

const BY = ['topic', 'type'] as const

export interface LanesProps {
  source: PanelSource
  kept: KeptState
  viewport: ViewportState
  /** Those the filter names; null: all. */
  names: { topics: string[] | null; types: string[] | null }
  revision: number
  selected: { time: number; topic: string; type: string } | null
  marks: Marks
  onJump(time: number): void
  onRange(range: Viewport): void
  onFault(error: unknown): void
}

export function Lanes(props: LanesProps): JSX.Element {
  const { source, kept, viewport, names, revision, selected, marks, onFault } = props
  const [by, setBy] = useKept(kept, 'lanes-by', oneOf(BY), 'topic')
  const [pinned, setPinned] = useKept(kept, `pinned-${by}`, isStrings, [])
  const [hiddenKeys, setHidden] = useKept(kept, `hidden-${by}`, isStrings, [])
  const plot = useRef<HTMLDivElement>(null)
  const { width } = useSize(plot)
  const { view } = viewport
  const wanted = useMemo(() => ({ by, ...names }), [by, names])
  const found = useLanes(source, wanted, view, width, revision, onFault)
  const { drawn, hidden, left } = useMemo(
    () => lanesInOrder(found?.lanes ?? [], pinned, hiddenKeys),
    [found, pinned, hiddenKeys],
  )
  const colors = useContext(ColorsContext)?.[by] ?? null
  const canvas = useLaneCanvas({ width, tile: found?.tile ?? null, drawn, view, colors })
  const { hover, stretch } = useLaneGestures(plot, viewport, { click: props.onJump, select: props.onRange })
  const activeKey = selected === null ? null : selected[by]
  // Panning and zooming move what is drawn on the canvas: nothing else of the lanes is drawn anew.
  const laneNames = useMemo(
    () => (
      <LaneNames
        lanes={drawn}
        pinned={pinned}
        activeKey={activeKey}
        colors={colors}
        onPin={(key) => setPinned(toggle(pinned, key))}
        onHide={(key) => setHidden(toggle(hiddenKeys, key))}
      />
    ),
    [drawn, pinned, hiddenKeys, activeKey, colors],
  )
  const latest = useRef(viewport)
  latest.current = viewport
  const tools = useMemo(() => <LaneTools isFit={viewport.isFit} viewport={() => latest.current} />, [viewport.isFit])

  return (
    <section class="lanes" aria-label="Lanes">
      <div class="lanes-bar">
        <select
          class="picker"
          aria-label="Lanes by"
          value={by}
          onChange={(event) => setBy(BY.find((own) => own === event.currentTarget.value) ?? 'topic')}
        >
          {BY.map((own) => (
            <option key={own} value={own}>
              by {own}
            </option>
          ))}
        </select>
        {hidden.map(({ key, total }) => (
          <button
            key={key}
            type="button"
            class="chip"
            title={`Show ${key} again`}
            onClick={() => setHidden(toggle(hiddenKeys, key))}
          >
            {key} (hidden {formatShort(total)})
          </button>
        ))}
        {view !== null && <span class="lanes-span">{formatSpan(view.since, view.until)}</span>}
        {found?.counting && (
          <span class="dim lanes-counting">
            about, while counting: {formatShare(found.counting.done / found.counting.total)}
          </span>
        )}
        {left > 0 && <span class="dim">and {plural(left, 'lane')} more</span>}
        {tools}
      </div>
      <div class="lanes-scroll" tabIndex={0} role="group" aria-label="Lanes of events">
        {laneNames}
        {found === null && view !== null && <p class="lanes-building">Counting by {by}…</p>}
        <div ref={plot} class="lane-plot" style={{ height: `${drawn.length * LANE_HEIGHT}px` }}>
          <canvas ref={canvas} class="lane-bars" aria-hidden="true" />
          {view !== null && (
            <>
              <Line kind="mark" label="A" time={marks.a?.time ?? null} view={view} />
              <Line kind="mark" label="B" time={marks.b?.time ?? null} view={view} />
              <Line kind="cursor" time={selected?.time ?? null} view={view} />
              <Line kind="hover" time={hover?.time ?? null} view={view} />
              {stretch !== null && <Stretch stretch={stretch} view={view} />}
            </>
          )}
          {hover !== null && view !== null && found !== null && (
            <Tip lane={drawn[Math.floor(hover.y / LANE_HEIGHT)]} time={hover.time} tile={found.tile} view={view} />
          )}
        </div>
      </div>
    </section>
  )
}

function toggle(keys: string[], key: string): string[] {
  return keys.includes(key) ? keys.filter((own) => own !== key) : [...keys, key]
}

const percent = (time: number, view: Viewport): number => ((time - view.since) / spanOf(view)) * 100

interface LineProps {
  kind: 'mark' | 'cursor' | 'hover'
  label?: string
  time: number | null
  view: Viewport
}

function Line({ kind, label = '', time, view }: LineProps): JSX.Element | null {
  if (time === null || time < view.since || time > view.until) return null
  return (
    <i
      class="lane-line"
      data-kind={kind}
      data-label={label}
      style={{ left: `${percent(time, view)}%` }}
      aria-hidden="true"
    >
      {label}
    </i>
  )
}

function Stretch({ stretch, view }: { stretch: Viewport; view: Viewport }): JSX.Element {
  const left = percent(stretch.since, view)
  return <i class="lane-stretch" style={{ left: `${left}%`, width: `${percent(stretch.until, view) - left}%` }} />
}

interface TipProps {
  lane: LaneCounts | undefined
  time: number
  tile: Tile
  view: Viewport
}

function Tip({ lane, time, tile, view }: TipProps): JSX.Element | null {
  const count = lane?.counts[Math.floor((time - tile.since) / tile.bucketMs)]
  if (lane === undefined || count === undefined) return null
  const at = percent(time, view)
  return (
    <div class="timeline-tip" aria-hidden="true" data-side={at > 50 ? 'left' : 'right'} style={{ '--at': `${at}%` }}>
      <b>{count === 0 ? 'no events' : plural(count, 'event')}</b> {lane.key} {formatClock(time)}
    </div>
  )
}
