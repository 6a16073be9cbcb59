import type { ComponentChildren, JSX } from 'preact'
import type { Health, Metrics } from '../../src/core/health.js'
import type { PanelLine, PanelSource } from '../../src/protocol/panel-source.js'
import { formatBytes, formatCount, formatDateTime, formatMs, formatShare, plural } from '../model/format.js'
import type { MadeChange } from '../model/made-changes.js'
import { usePolled } from './use-polled.js'

const ASK_EVERY_MS = 1000
const NO_BREAK = '\u00a0'

const HOSTS: Record<Health['host'], string> = {
  'shared-worker': 'SharedWorker',
  leader: 'Worker of one elected tab',
  inline: 'this page itself',
}

const STATES: Record<Health['state'], string> = {
  ok: 'All is well',
  degraded: 'Working, but not as it should',
  'read-only': 'Nothing can be written: the log can be read',
  stopped: 'Stopped',
}

export interface HealthViewProps {
  source: PanelSource
  /** Made from this panel. */
  changes: readonly MadeChange[]
  onMaintain: (() => void) | null
}

export function HealthView({ source, changes, onMaintain }: HealthViewProps): JSX.Element {
  const { value, fault } = usePolled(() => source.health(), ASK_EVERY_MS, source)
  if (value === null) {
    return (
      <div class="view-page">{fault === null ? <p class="dim">Asking the store…</p> : <p role="alert">{fault}</p>}</div>
    )
  }
  const { health, metrics, faults, line } = value
  return (
    <div class="view-page" data-stale={fault !== null}>
      <p class="health-state" data-state={fault === null ? health.state : 'stopped'}>
        <i class="link-dot" />
        <b>{fault === null ? STATES[health.state] : 'The store does not answer'}</b>
        {fault ?? health.fault?.message ?? ''}
      </p>
      <div class="cards">
        <Card title="Host">
          <Fact name="writer runs in" value={HOSTS[health.host]} />
          <Fact name="why" value={health.reason ?? 'the best there is'} />
          <Fact name="tabs" value={formatCount(health.tabs)} />
          <Fact
            name="events end up in"
            value={health.durability === 'memory' ? 'memory only' : `IndexedDB (${health.durability})`}
          />
        </Card>
        <Card title="Writing and reading">
          <Percentiles name="write" ms={metrics.flushMs} last={metrics.lastWriteMs} />
          <Percentiles name="read" ms={metrics.readMs} last={metrics.lastReadMs} />
          <Fact name="queue" value={`${plural(metrics.queued, 'event')}, ${formatBytes(metrics.queuedBytes)}`} />
        </Card>
        <StorageCard health={health} metrics={metrics} onMaintain={onMaintain} />
        <Card title="Since the writer started">
          <Fact name="written" value={`${plural(metrics.writes, 'event')} in ${plural(metrics.batches, 'commit')}`} />
          {(['errors', 'repairs', 'dropped', 'withheld', 'sampled', 'evicted', 'duplicates'] as const).map((name) => (
            <Fact key={name} name={name} value={formatCount(metrics[name])} />
          ))}
        </Card>
        {line !== undefined && <LineCard line={line} />}
      </div>
      <section class="faults">
        <h2>Last faults</h2>
        {faults.length === 0 ? (
          <p class="dim">None in this tab.</p>
        ) : (
          <ul>
            {faults.toReversed().map(({ code, message }, index) => (
              <li key={faults.length - index}>
                <code>{code}</code> {message}
              </li>
            ))}
          </ul>
        )}
      </section>
      <section class="faults">
        <h2>Changed from this panel</h2>
        {changes.length === 0 && (
          <p class="dim">Nothing so far. Clearing, importing and compacting are all it can change.</p>
        )}
        <ul>
          {changes.map(({ time, said }, index) => (
            <li key={changes.length - index}>
              <span class="dim">{formatDateTime(time)}</span> {said}
            </li>
          ))}
        </ul>
      </section>
    </div>
  )
}

interface StorageCardProps {
  health: Health
  metrics: Metrics
  onMaintain: (() => void) | null
}

function StorageCard({ health, metrics, onMaintain }: StorageCardProps): JSX.Element {
  const { usage, quota, persisted } = health.storage
  return (
    <Card title="Storage">
      <Fact name="events" value={formatCount(metrics.events)} />
      <Fact name="segments" value={`${formatCount(metrics.segments)}, ${formatBytes(metrics.bytes)}`} />
      <Fact
        name="used by this site"
        value={
          usage === null || quota === null
            ? 'not told'
            : `${formatBytes(usage)} of ${formatBytes(quota)} (${formatShare(usage / quota).replaceAll(' ', NO_BREAK)})`
        }
      />
      {usage !== null && quota !== null && (
        <meter class="quota" aria-label="Storage used of quota" max={quota} high={quota * 0.8} value={usage} />
      )}
      <Fact
        name="kept when space runs out"
        value={persisted === null ? 'not told' : persisted ? 'yes' : 'not promised'}
      />
      {onMaintain !== null && (
        <button type="button" class="button small" onClick={onMaintain}>
          Compact…
        </button>
      )}
    </Card>
  )
}

function LineCard({ line }: { line: PanelLine }): JSX.Element {
  const { roundTripMs, bytesPerSecond, bytes } = line
  return (
    <Card title="Line to the page">
      <Fact name="round trip p50" value={formatMs(roundTripMs?.p50 ?? null)} />
      <Fact name="round trip p95" value={formatMs(roundTripMs?.p95 ?? null)} />
      <Fact
        name="throughput"
        value={bytesPerSecond === null ? 'no large answer yet' : `${formatBytes(bytesPerSecond)}/s`}
      />
      <Fact name="received" value={formatBytes(bytes)} />
    </Card>
  )
}

function Percentiles({ name, ms, last }: { name: string; ms: Metrics['flushMs']; last: number | null }): JSX.Element {
  return (
    <>
      {(['p50', 'p95'] as const).map((part) => (
        <Fact key={part} name={`${name} ${part}`} value={formatMs(ms?.[part] ?? null)} />
      ))}
      <Fact name={`last ${name}`} value={formatMs(last)} />
    </>
  )
}

function Card({ title, children }: { title: string; children: ComponentChildren }): JSX.Element {
  return (
    <section class="card">
      <h2>{title}</h2>
      {children}
    </section>
  )
}

function Fact({ name, value }: { name: string; value: string }): JSX.Element {
  return (
    <p class="card-fact">
      <span class="dim">{name}</span> <span>{value}</span>
    </p>
  )
}
