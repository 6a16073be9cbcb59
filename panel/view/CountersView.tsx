import { Fragment, type JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Unit } from '../../src/core/counters.js'
import type { PanelCounter, PanelCounters, PanelSource } from '../../src/protocol/panel-source.js'
import { bucketPoints, UNITS } from '../model/counter-window.js'
import { formatCount, plural } from '../model/format.js'
import { isString, oneOf, orNull, type KeptState } from '../model/kept-state.js'
import { LimitTable } from './LimitTable.js'
import { Spark, StepChart } from './StepChart.js'
import { useKept } from './use-kept.js'
import { usePolled } from './use-polled.js'

const ASK_EVERY_MS = 2000
/** Each is asked for by itself; the search finds the others. */
const MOST_COUNTERS = 50

/** A table of counters, and the steps of the one that is chosen. */
export function CountersView({ source, kept }: { source: PanelSource; kept: KeptState }): JSX.Element {
  const [unit, setUnit] = useKept<Unit | null>(kept, 'counter-unit', orNull(oneOf(UNITS)), null)
  const [chosen, setChosen] = useKept<string | null>(kept, 'counter', orNull(isString), null)
  const [containing, setContaining] = useState('')
  const { value, fault } = usePolled(
    () => source.counters({ unit, containing, limit: MOST_COUNTERS }),
    ASK_EVERY_MS,
    `${unit} ${containing}`,
  )
  if (value === null) return <p class="view-page dim">{fault ?? 'Asking the store…'}</p>
  const shown = value.counters.find(({ id }) => id === chosen) ?? value.counters[0]
  return (
    <div class="counters" data-stale={fault !== null}>
      <section class="counter-list" aria-label="All counters">
        <div class="pane-bar">
          <input
            type="search"
            class="counter-search"
            aria-label="Search counters"
            placeholder="Search counters"
            value={containing}
            onInput={(event) => setContaining(event.currentTarget.value)}
          />
          <WindowPicker value={value} onChoose={setUnit} />
        </div>
        <div class="counter-rows" tabIndex={0} role="group" aria-label="Counters">
          <CounterTable value={value} shown={shown} onChoose={setChosen} />
        </div>
      </section>
      <section class="counter-chart" aria-label="Counter" tabIndex={0}>
        {shown === undefined ? (
          <p class="dim">Every recorded event counts under its topic and type; other counters are counted by hand.</p>
        ) : (
          <Chosen counter={shown} unit={value.unit} />
        )}
        <LimitTable limits={value.limits} />
      </section>
    </div>
  )
}

function WindowPicker({ value, onChoose }: { value: PanelCounters; onChoose(unit: Unit | null): void }): JSX.Element {
  return (
    <select
      class="picker"
      aria-label="Window"
      value={value.unit ?? ''}
      onChange={(event) => onChoose(UNITS.find((own) => own === event.currentTarget.value) ?? null)}
    >
      {value.tracked.map(({ unit, buckets }) => (
        <option key={unit} value={unit}>
          last {plural(buckets, unit)}
        </option>
      ))}
    </select>
  )
}

interface CounterTableProps {
  value: PanelCounters
  shown: PanelCounter | undefined
  onChoose(id: string): void
}

function CounterTable({ value, shown, onChoose }: CounterTableProps): JSX.Element {
  const { counters, total, unit } = value
  const now = Date.now()
  return (
    <>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">counter</th>
            <th scope="col">{unit === null ? '' : `by ${unit}`}</th>
            <th scope="col" class="number">
              window
            </th>
            <th scope="col" class="number">
              ever
            </th>
          </tr>
        </thead>
        <tbody>
          {counters.map(({ id, buckets, ever }) => (
            <tr key={id} data-shown={id === shown?.id}>
              <td>
                <button type="button" class="counter-id" aria-pressed={id === shown?.id} onClick={() => onChoose(id)}>
                  {id.split(/(?<=\/)/).map((part, at) => (
                    <Fragment key={at}>
                      {part}
                      <wbr />
                    </Fragment>
                  ))}
                </button>
              </td>
              <td>{unit !== null && <Spark points={bucketPoints(buckets, unit, now)} />}</td>
              <td class="number">{formatCount(sumOf(buckets))}</td>
              <td class="number">{formatCount(ever)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="pane-note">
        {counters.length < total
          ? `${formatCount(counters.length)} of ${plural(total, 'counter')}: search for the others.`
          : plural(total, 'counter')}
      </p>
    </>
  )
}

function Chosen({ counter, unit }: { counter: PanelCounter; unit: Unit | null }): JSX.Element {
  const { id, buckets, ever } = counter
  return (
    <>
      <h2>
        {id}
        <span class="dim">
          {formatCount(sumOf(buckets))} in the window · {formatCount(buckets[0] ?? 0)} this {unit} · {formatCount(ever)}{' '}
          ever
        </span>
      </h2>
      {unit !== null && (
        <StepChart label={`${id} by ${unit}`} points={bucketPoints(buckets, unit, Date.now())} format={formatCount} />
      )}
    </>
  )
}

function sumOf(counts: number[]): number {
  return counts.reduce((sum, count) => sum + count, 0)
}
