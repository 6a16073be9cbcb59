/** Every view and every state, as pictures of Chromium's to look at (artifacts/pictures/panel), and what must hold in each of them. */
import axe from 'axe-core'
import { expect, inject, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { storeError } from '../../src/core/fault.js'
import { fakePanelSource, type FakeOptions, type FakePanelSource } from '../kit/fake-panel-source.js'
import { chooseToImport, filter, focusLog, open, settle, unmount } from '../kit/open-panel.js'
import { limits, memory } from '../kit/panel-fixtures.js'

interface Look {
  name: string
  theme: 'light' | 'dark'
  width: number
  height: number
}

const LOOKS: Look[] = [
  { name: 'light', theme: 'light', width: 1200, height: 700 },
  { name: 'dark', theme: 'dark', width: 1200, height: 700 },
  { name: 'medium', theme: 'light', width: 760, height: 700 },
  { name: 'narrow', theme: 'light', width: 360, height: 640 },
  { name: 'narrow-dark', theme: 'dark', width: 360, height: 640 },
  { name: 'low', theme: 'light', width: 1200, height: 200 },
]

interface State {
  name: string
  options?: FakeOptions
  /** Changes the source before it is mounted. */
  source?(source: FakePanelSource): void
  show?(source: FakePanelSource): Promise<void>
}

const goTo = (view: string) => async (): Promise<void> =>
  userEvent.click(page.getByRole('tab', { name: view, exact: true }))
const press = (name: RegExp): Promise<void> => userEvent.click(page.getByRole('button', { name }))
const keys = async (written: string): Promise<void> => {
  await focusLog()
  await userEvent.keyboard(written)
}

/** Two events marked, the second one selected and its detail open at a tab. */
const detail = (tab: string) => async (): Promise<void> => {
  await keys('{Home}{Enter}[[')
  // Where there is room for one pane only, the log is out of sight.
  await userEvent.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}]')
  await goTo(tab)()
}

const never = (): Promise<never> => new Promise(() => {})
const quota = storeError('quota-exceeded', 'The disk is full: 40 events wait to be stored.')

const STATES: State[] = [
  { name: 'timeline' },
  { name: 'timeline-event', show: detail('Event') },
  { name: 'timeline-state', show: detail('State') },
  { name: 'timeline-diff', show: detail('Diff A↔B') },
  { name: 'timeline-history', show: detail('History of path') },
  { name: 'events', show: goTo('Events') },
  { name: 'snapshot', show: goTo('Snapshot') },
  { name: 'counters', show: goTo('Counters') },
  { name: 'memory', show: goTo('Memory') },
  { name: 'health', show: goTo('Health') },
  { name: 'memory-none', options: { memory: null }, show: goTo('Memory') },
  { name: 'counters-none', options: { limits: [] }, source: withoutCounters, show: goTo('Counters') },
  { name: 'connecting', options: { events: 0 }, source: (source) => void (source.search = never) },
  { name: 'empty', options: { events: 0 } },
  { name: 'snapshot-empty', options: { events: 0 }, show: goTo('Snapshot') },
  { name: 'no-match', show: () => userEvent.fill(filter, 'no-such-thing') },
  { name: 'filter-error', show: () => userEvent.fill(filter, 'topic:cart data.amount') },
  { name: 'filter-completion', show: completing },
  { name: 'counting', source: counting },
  { name: 'paused', show: () => press(/^Pause$/) },
  { name: 'lost', show: lose },
  { name: 'quota', options: { health: { state: 'degraded', fault: quota.fault } } },
  { name: 'quota-health', options: { health: { state: 'degraded', fault: quota.fault } }, show: goTo('Health') },
  { name: 'read-only', options: { health: { state: 'read-only' } } },
  {
    name: 'call-failed',
    source: (source) => void (source.export = () => Promise.reject(quota)),
    show: () => press(/^Export$/),
  },
  { name: 'file', options: { readOnly: true, producer: null } },
  { name: 'menu', show: () => press(/^Source$/) },
  { name: 'settings', show: () => press(/^Settings$/) },
  { name: 'keys', show: () => keys('?') },
  { name: 'clear', show: () => press(/^Clear…$/) },
  { name: 'export', show: () => keys('E') },
  { name: 'export-progress', source: exportingForEver, show: exporting },
  { name: 'import-progress', options: { importing: never() }, show: importing },
]

test.each(LOOKS)(
  'every view and state is drawn whole and has no serious flaw of accessibility: $name',
  async (look) => {
    const flaws: unknown[] = []
    for (const state of STATES) {
      const options: FakeOptions = {
        events: 4000,
        memory,
        limits,
        startAt: new Date(2026, 10, 20, 10).getTime(),
        ...state.options,
      }
      const source = fakePanelSource(options)
      state.source?.(source)
      await open(options, look.width, { theme: look.theme }, source, look.height)
      await state.show?.(source)
      await drawn()
      if (inject('engine') === 'chromium')
        await page.screenshot({ path: `../../artifacts/pictures/panel/${state.name}.${look.name}.png` })
      flaws.push(...(await flawsIn(state.name)))
      unmount()
      localStorage.clear()
    }
    expect(flaws).toEqual([])
  },
  300_000,
)

/** Answers are in, and the frames after them are over. */
async function drawn(): Promise<void> {
  await vi.waitFor(() => expect(panel().querySelector('[data-stale=true]')).toBeNull())
  for (let turn = 0; turn < 4; turn++) await settle()
}

const panel = (): HTMLElement =>
  document.querySelector('.tabscribe-panel')!.shadowRoot!.querySelector<HTMLElement>('.panel')!

async function flawsIn(state: string): Promise<unknown[]> {
  const { width } = panel().getBoundingClientRect()
  const cut = [...panel().querySelectorAll<HTMLElement>('button, input, select, h2, [role=tab]')].filter((control) => {
    const { left, right, width: own } = control.getBoundingClientRect()
    const isSeen =
      own > 1 && control.checkVisibility({ visibilityProperty: true }) && control.closest('.unseen') === null
    return isSeen && (left < -0.5 || right > width + 0.5) && control.closest('.tabs') === null
  })
  const { violations } = await axe.run(document.querySelector('.tabscribe-panel')!, { resultTypes: ['violations'] })
  return [
    ...cut.map((control) => ({ state, cut: control.outerHTML })),
    ...violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => ({ state, id, nodes: nodes.map(({ html, failureSummary }) => [html, failureSummary]) })),
  ]
}

async function completing(): Promise<void> {
  await userEvent.click(filter)
  await userEvent.keyboard('topic:c type:')
  await vi.waitFor(() => expect(panel().querySelectorAll('.completions li').length).toBeGreaterThan(5))
  await userEvent.keyboard('{ArrowDown}{ArrowDown}')
}

async function lose(source: FakePanelSource): Promise<void> {
  source.search = () => Promise.reject(storeError('closed', 'The page is being loaded anew.'))
  source.die()
  await press(/^Try now$/)
  await expect.element(page.getByRole('alert')).toHaveTextContent('attempt 2')
}

function counting(source: FakePanelSource): void {
  const { lanes } = source
  source.lanes = async (request) => ({ ...(await lanes(request)), counting: { done: 1340, total: 4000 } })
}

function withoutCounters(source: FakePanelSource): void {
  source.counters = async () => ({
    tracked: [{ unit: 'hour', buckets: 72 }],
    unit: 'hour',
    total: 0,
    counters: [],
    limits: [],
  })
}

function exportingForEver(source: FakePanelSource): void {
  source.export = (_what, follow) => {
    follow?.onProgress({ done: 1800, total: 4000, bytes: 212_000 })
    return never()
  }
}

async function exporting(): Promise<void> {
  await keys('E')
  await press(/^Save file$/)
}

async function importing(): Promise<void> {
  await chooseToImport(new File(['{}'], 'yesterday.json'))
  await userEvent.fill(page.getByRole('textbox', { name: 'Type shop to confirm' }), 'shop')
  await press(/^Import$/)
}
