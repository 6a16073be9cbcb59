export interface TimedValue {
  time: number
  value: number
}

/** As the `d` of an SVG path: level until the next value, then straight up or down to it. */
export function stepPath(points: readonly TimedValue[], width: number, height: number): string {
  const [first, last] = [points[0], points.at(-1)]
  if (first === undefined || last === undefined) return ''
  const max = points.reduce((most, { value }) => Math.max(most, value), 1)
  const x = (time: number): number => round(((time - first.time) / Math.max(1, last.time - first.time)) * width)
  const y = (value: number): number => round(height - (value / max) * (height - 2))
  const steps = points.map(({ time, value }) => `H${x(time)}V${y(value)}`)
  return `M0 ${y(first.value)}${steps.join('')}H${width}`
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10
}
