import type { JSX } from 'preact'
import type { LimitState } from '../../src/fold/counter/limit.js'
import { formatCount, formatMs } from '../model/format.js'
import { constraintText, formatLength } from '../model/limit-text.js'

/** How the limits that the app asks for stand now. */
export function LimitTable({ limits }: { limits: readonly LimitState[] }): JSX.Element {
  return (
    <section class="limits" aria-label="Limits">
      <h2>Limits</h2>
      {limits.length === 0 ? (
        <p class="dim">None was asked for since the writer started.</p>
      ) : (
        <table class="table">
          <thead>
            <tr>
              <th scope="col">counter</th>
              <th scope="col">limit</th>
              <th scope="col">used</th>
              <th scope="col">one more</th>
            </tr>
          </thead>
          <tbody>
            {limits.map((limit) => (
              <LimitRow key={JSON.stringify(limit.constraint)} {...limit} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

function LimitRow({ constraint, used, refusal, retryAfterMs }: LimitState): JSX.Element {
  const { rule, id } = constraintText(constraint)
  return (
    <tr>
      <td>{id === null ? <span class="dim">any</span> : <code>{id}</code>}</td>
      <td>{rule}</td>
      <td>{used !== null && <Usage used={used} constraint={constraint} name={`${id} ${rule}`} />}</td>
      <td data-refused={refusal !== null} title={refusal ?? ''}>
        {refusal === null ? 'passes' : retryAfterMs === null ? 'refused' : `refused for ${waitText(retryAfterMs)}`}
      </td>
    </tr>
  )
}

interface UsageProps {
  used: number
  constraint: LimitState['constraint']
  name: string
}

/** As much as may be is too much; as much as must be is well. */
function Usage({ used, constraint, name }: UsageProps): JSX.Element {
  const [of, best] =
    constraint.is === 'atMost'
      ? [constraint.limit, 0]
      : constraint.is === 'atLeast'
        ? [constraint.count, Infinity]
        : [0, 0]
  const most = Math.max(1, of)
  return (
    <span class="usage">
      <meter
        aria-label={name}
        max={most}
        low={most * 0.99}
        high={most * 0.99}
        optimum={Math.min(most, best)}
        value={Math.min(most, used)}
      />
      {formatCount(used)} of {formatCount(of)}
    </span>
  )
}

// To the minute where it is longer than one.
function waitText(ms: number): string {
  if (ms < 1000) return formatMs(ms)
  const whole = ms < 60_000 ? 1000 : ms < 7_200_000 ? 60_000 : 3_600_000
  return formatLength(Math.ceil(ms / whole) * whole)
}
