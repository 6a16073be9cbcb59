import type { JSX } from 'preact'
import type { Inspection } from './use-inspection.js'

export function ProjectionPicker({ inspection }: { inspection: Inspection }): JSX.Element {
  const { projections, projection, setProjection } = inspection
  return (
    <select
      class="picker"
      aria-label="Projection"
      value={projection}
      onChange={(event) => setProjection(event.currentTarget.value)}
    >
      {projections.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  )
}
