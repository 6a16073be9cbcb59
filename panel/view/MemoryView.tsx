import type { JSX } from 'preact'
import type { PanelAllocation, PanelAnalysis, PanelMemory, PanelSource } from '../../src/protocol/panel-source.js'
import { formatBytes, formatClock, formatCount, plural } from '../model/format.js'
import { Answer } from './Answer.js'
import { StepChart } from './StepChart.js'
import { useAsked } from './use-asked.js'

const STEPS = 400
/** Every answer folds and analyses all memory events. */
const ASK_GAP_MS = 3000
const ROWS_OF_TOP = 20
const MOST_FINDINGS = 20

export interface MemoryViewProps {
  source: PanelSource
  /** Of the newest event: asked anew when it rises. */
  head: number
  onShow(sequence: number): void
}

/** Live bytes over time, the largest allocations, and what the analyzers found. */
export function MemoryView({ source, head, onShow }: MemoryViewProps): JSX.Element {
  const asked = useAsked(() => source.memory(STEPS), [source, head], ASK_GAP_MS)
  return (
    <div class="view-page" tabIndex={0} role="group" aria-label="Memory">
      <Answer asked={asked}>
        {asked.value === null ? <NoMemory /> : <Figures memory={asked.value} onShow={onShow} />}
      </Answer>
    </div>
  )
}

function NoMemory(): JSX.Element {
  return (
    <div class="nothing">
      <h2>No memory events in this store</h2>
      <p>Record them with the memory kit, and what is live shows up here:</p>
      <pre tabIndex={0}>
        <code>
          {"import { openMemory } from 'tabscribe/memory'\nconst { capture } = openMemory(store)\ncapture.objectUrls()"}
        </code>
      </pre>
    </div>
  )
}

function Figures({ memory, onShow }: { memory: PanelMemory; onShow(sequence: number): void }): JSX.Element {
  const { summary, usage, peak, top, results } = memory
  return (
    <>
      <section class="chart-card">
        <h2>
          Live bytes <b>{formatBytes(summary.current)}</b>
          <span class="dim">
            {plural(summary.active, 'allocation')} live · peak {formatBytes(summary.peak)}
            {peak !== null && ` at ${formatClock(peak.time)}`}
          </span>
        </h2>
        <StepChart
          label="Live bytes over time"
          points={usage.map(({ time, bytes }) => ({ time, value: bytes }))}
          format={formatBytes}
        />
      </section>
      <div class="cards wide">
        <TopAllocations top={top} />
        <Findings results={results} onShow={onShow} />
      </div>
    </>
  )
}

function TopAllocations({ top }: { top: PanelAllocation[] }): JSX.Element {
  return (
    <section class="card">
      <h2>Largest live allocations</h2>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">address</th>
            <th scope="col">what</th>
            <th scope="col">thread</th>
            <th scope="col" class="number">
              size
            </th>
          </tr>
        </thead>
        <tbody>
          {top.slice(0, ROWS_OF_TOP).map(({ ptr, size, threadId, varName, typeName }) => (
            <tr key={String(ptr)}>
              <td>
                <code>0x{ptr.toString(16)}</code>
              </td>
              <td>{[varName, typeName].filter(Boolean).join(': ') || '–'}</td>
              <td>{threadId}</td>
              <td class="number">{formatBytes(size)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Findings({ results, onShow }: { results: PanelAnalysis[]; onShow(sequence: number): void }): JSX.Element {
  return (
    <section class="card">
      <h2>Findings</h2>
      {results.map(({ analyzer, severity, count, description, findings }) => (
        <details key={analyzer} class="finding" data-severity={count === 0 ? 'none' : severity}>
          <summary>
            <i class="link-dot" />
            {analyzer} <b>{formatCount(count)}</b>
            {count > 0 && <span class="dim">{severity}</span>}
          </summary>
          <p class="dim">{description}</p>
          <ul>
            {findings.slice(0, MOST_FINDINGS).map(({ message, sequence }, index) => (
              <li key={index}>
                {message}{' '}
                {sequence !== undefined && (
                  <button type="button" class="button small" onClick={() => onShow(sequence)}>
                    Event {formatCount(sequence)}
                  </button>
                )}
              </li>
            ))}
          </ul>
        </details>
      ))}
    </section>
  )
}
