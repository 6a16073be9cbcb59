import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'
import { stepPath, type TimedValue } from '../model/step-path.js'
import { timeTicks } from '../model/time-ticks.js'
import { useSize } from './use-size.js'

const HEIGHT = 120
const PX_PER_TICK = 110
/** A label nearer to the end would be cut. */
const PX_PER_LABEL = 64
const SPARK_WIDTH = 96
const SPARK_HEIGHT = 16

export interface StepChartProps {
  label: string
  /** By time. */
  points: TimedValue[]
  format(value: number): string
}

/** A value that holds until the next one, over time. */
export function StepChart({ label, points, format }: StepChartProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null)
  const { width } = useSize(box)
  const [first, last] = [points[0]?.time ?? 0, points.at(-1)?.time ?? 0]
  const max = points.reduce((most, { value }) => Math.max(most, value), 0)
  const path = width === 0 ? '' : stepPath(points, width, HEIGHT)
  const ticks = timeTicks(first, last, Math.floor(width / PX_PER_TICK))
    .map(({ time, label: text }) => ({ text, x: ((time - first) / Math.max(1, last - first)) * width }))
    .filter(({ x }) => x <= width - PX_PER_LABEL)
  return (
    <div ref={box} class="chart">
      <svg role="img" aria-label={`${label}, at most ${format(max)}`} width={width} height={HEIGHT}>
        <path class="chart-area" d={path === '' ? '' : `${path}V${HEIGHT}H0Z`} />
        <path class="chart-line" d={path} />
      </svg>
      <span class="chart-max">{format(max)}</span>
      <div class="chart-ticks" aria-hidden="true">
        {ticks.map(({ x, text }) => (
          <span key={x} style={{ left: `${x}px` }}>
            {text}
          </span>
        ))}
      </div>
    </div>
  )
}

/** The same, as small as a word. */
export function Spark({ points }: { points: TimedValue[] }): JSX.Element {
  const path = stepPath(points, SPARK_WIDTH, SPARK_HEIGHT)
  return (
    <svg class="spark" width={SPARK_WIDTH} height={SPARK_HEIGHT} aria-hidden="true">
      <path class="chart-area" d={`${path}V${SPARK_HEIGHT}H0Z`} />
      <path class="chart-line" d={path} />
    </svg>
  )
}
