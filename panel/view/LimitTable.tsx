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
      <td>{id ?? <span class="dim">any</span>}</td>
      <td>{rule}</td>
      <td>{used !== null && <Usage used={used} of={amountOf(constraint)} name={`${id} ${rule}`} />}</td>
      <td data-refused={refusal !== null} title={refusal ?? ''}>
        {refusal === null ? 'passes' : retryAfterMs === null ? 'refused' : `refused for ${waitText(retryAfterMs)}`}
      </td>
    </tr>
  )
}

function Usage({ used, of, name }: { used: number; of: number; name: string }): JSX.Element {
  return (
    <span class="usage">
      <meter aria-label={name} max={Math.max(1, of)} value={used} />
      {formatCount(used)} of {formatCount(of)}
    </span>
  )
}

function amountOf(constraint: LimitState['constraint']): number {
  return constraint.is === 'atMost' ? constraint.limit : constraint.is === 'atLeast' ? constraint.count : 0
}

// To the minute where it is longer than one.
function waitText(ms: number): string {
  if (ms < 1000) return formatMs(ms)
  const whole = ms < 60_000 ? 1000 : ms < 7_200_000 ? 60_000 : 3_600_000
  return formatLength(Math.ceil(ms / whole) * whole)
}
