import type { Store } from '../../src/index.js'
import { pageElement } from './page-element.js'
import { recordInSlices } from './record-in-slices.js'
import { shopEvents } from './shop-events.js'

const EVENTS = 100_000

/** The button that records 100,000 events of a made-up shop, its progress and its way out. */
export function offerBulkLoad(store: Store, producer: string): void {
  const button = pageElement('record', HTMLButtonElement)
  const strip = pageElement('progress', HTMLDivElement)
  const bar = pageElement('bar', HTMLDivElement)
  const readout = pageElement('readout', HTMLSpanElement)
  const end = pageElement('end', HTMLButtonElement)
  let running: AbortController | null = null
  let runs = 0

  const show = (recorded: number, rate: number) => {
    bar.style.setProperty('--done', String(recorded / EVENTS))
    bar.setAttribute('aria-valuenow', String(recorded))
    readout.textContent = `${count(recorded)} of ${count(EVENTS)} · ${count(rate)} events/s`
  }

  const run = async () => {
    const cancel = (running = new AbortController())
    const events = shopEvents(seedOf(producer) + runs++)
    const topic = store.topic('shop')
    const startedAt = performance.now()
    const rateOf = (recorded: number) => (recorded / Math.max(1, performance.now() - startedAt)) * 1000
    button.disabled = true
    end.textContent = 'Cancel'
    strip.hidden = false
    show(0, 0)
    try {
      const recorded = await recordInSlices(
        EVENTS,
        () => {
          const { type, data } = events.next().value
          topic.record(type, data)
        },
        { flush: () => store.flush(), onProgress: (done) => show(done, rateOf(done)), signal: cancel.signal },
      )
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
      const cut = cancel.signal.aborted ? 'Cancelled: ' : ''
      readout.textContent = `${cut}${count(recorded)} events committed in ${seconds} s, ${count(rateOf(recorded))} a second.`
    } catch (error) {
      readout.textContent = `Stopped: ${error instanceof Error ? error.message : String(error)}`
    } finally {
      running = null
      button.disabled = false
      end.textContent = 'Dismiss'
    }
  }

  button.addEventListener('click', () => void run())
  end.addEventListener('click', () => {
    if (running) running.abort()
    else strip.hidden = true
  })
  button.disabled = false
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en')
}

/** Another tab, another shop day: from the producer's id, so that a run can be repeated. */
function seedOf(producer: string): number {
  let seed = 0
  for (const letter of producer) seed = (Math.imul(seed, 31) + letter.charCodeAt(0)) >>> 0
  return seed
}
