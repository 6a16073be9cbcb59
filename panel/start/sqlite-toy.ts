import type { Memory } from '../../src/memory.js'
import { pageElement } from './page-element.js'

/** The button that runs queries in SQLite, whose allocations are recorded. SQLite is loaded when it is first pressed. */
export function offerSqlite(memory: Memory): void {
  const button = pageElement('sqlite', HTMLButtonElement)
  const readout = pageElement('sqlite-readout', HTMLOutputElement)
  let opened: ReturnType<typeof open> | undefined
  let runs = 0

  const open = async () => {
    const { openRecordedSqlite } = await import('./recorded-sqlite.js')
    return openRecordedSqlite(memory.capture)
  }

  const run = async () => {
    button.disabled = true
    readout.textContent = opened ? '' : 'Loading SQLite…'
    try {
      const [sqlite3, { runQueries }] = await Promise.all([(opened ??= open()), import('./run-queries.js')])
      const before = memory.approxCount()
      const startedAt = performance.now()
      const { orders, bestSeller } = runQueries(sqlite3, ++runs)
      const ms = Math.round(performance.now() - startedAt)
      const recorded = (memory.approxCount() - before).toLocaleString('en')
      readout.textContent = `${orders} orders, mostly ${bestSeller}: ${recorded} memory events in ${ms} ms`
    } catch (error) {
      opened = undefined
      readout.textContent = `Stopped: ${error instanceof Error ? error.message : String(error)}`
    } finally {
      button.disabled = false
    }
  }

  button.addEventListener('click', () => void run())
  button.disabled = false
}
