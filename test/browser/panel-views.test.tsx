import { expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { mountPanel } from '../../panel/mount.js'
import { openStore } from '../../src/index.js'
import { fakePanelSource } from '../kit/fake-panel-source.js'
import { memory } from '../kit/panel-fixtures.js'
import {
  filter,
  focusLog,
  log,
  open,
  row,
  rowCount,
  selectedRow,
  settle,
  timeline,
  unmount,
} from '../kit/open-panel.js'

const tab = (name: string) => page.getByRole('tab', { name, exact: true })
const panel = (): ShadowRoot => document.querySelector('.tabscribe-panel')!.shadowRoot!
const lanes = page.getByRole('region', { name: 'Lanes' })
const laneNames = (): (string | null)[] =>
  [...panel().querySelectorAll('.lane-key')].map(({ textContent }) => textContent)
const detail = page.getByRole('region', { name: 'Event detail' })

test('the views are tabs, and the digits and arrow keys go to them', async () => {
  await open({ events: 100 })
  const views = page.getByRole('tablist', { name: 'Views' })
  await expect.element(views).toBeVisible()
  await expect.element(tab('Timeline')).toHaveAttribute('aria-selected', 'true')
  await focusLog()
  await userEvent.keyboard('3')
  await expect.element(tab('Snapshot')).toHaveAttribute('aria-selected', 'true')
  await userEvent.keyboard('6')
  await expect.element(tab('Health')).toHaveAttribute('aria-selected', 'true')
  ;(tab('Health').element() as HTMLElement).focus()
  await userEvent.keyboard('{ArrowLeft}')
  await expect.element(tab('Memory')).toHaveAttribute('aria-selected', 'true')
  await userEvent.keyboard('2')
  await rowCount(100)
  await expect.element(lanes).not.toBeInTheDocument()
})

test('view, filter, selection, marks, pins and scrolling survive a reload', async () => {
  const topOfLog = (): number => log.element().getBoundingClientRect().top
  const { source } = await open({ events: 3000 })
  await userEvent.fill(filter, 'topic:/^(cart|payments)$/')
  await vi.waitFor(() => expect(laneNames()).toEqual(['cart', 'payments']))
  await focusLog()
  await userEvent.keyboard('{Home}{ArrowDown}{ArrowDown}{Enter}[[')
  await userEvent.hover(page.getByText('payments', { exact: true }).first())
  await userEvent.click(page.getByRole('button', { name: 'Pin payments' }))
  await vi.waitFor(() => expect(laneNames()).toEqual(['payments', 'cart']))
  const matches = log.element().getAttribute('aria-rowcount')
  log.element().scrollTop = 22 * 400
  await vi.waitFor(() => expect(row(400)?.textContent).toMatch(/\d/))
  // Kept is what was drawn, and a moment after that.
  await vi.waitFor(() => expect(localStorage['tabscribe.panel:shop']).toMatch(/"first":[1-9]/))
  unmount()
  await open({ events: Number(matches) }, 1200, {}, source)
  await expect.element(filter).toHaveValue('topic:/^(cart|payments)$/')
  await vi.waitFor(() => expect(laneNames()).toEqual(['payments', 'cart']))
  await vi.waitFor(() => expect(row(400)?.getBoundingClientRect().top).toBe(topOfLog()))
  await expect.element(page.getByRole('button', { name: 'Mark as A' })).toHaveAttribute('aria-pressed', 'true')
  await focusLog()
  await userEvent.keyboard('{ArrowDown}')
  await expect.element(selectedRow).toHaveAttribute('aria-rowindex', '4')
})

test('a theme is chosen in the settings, and survives a reload', async () => {
  const { source } = await open({ events: 10 }, 1200, { theme: 'light' })
  const theme = (): string | undefined => panel().querySelector<HTMLElement>('.panel')!.dataset['theme']
  expect(theme()).toBe('light')
  await userEvent.click(page.getByRole('button', { name: 'Settings' }))
  await userEvent.click(page.getByRole('menuitemradio', { name: 'Dark' }))
  await vi.waitFor(() => expect(theme()).toBe('dark'))
  unmount()
  await open({ events: 10 }, 1200, { theme: 'light' }, source)
  expect(theme()).toBe('dark')
})

test('each topic has a colour of its own, the same in the log and at its lane', async () => {
  await open({ events: 300 })
  await vi.waitFor(() => expect(laneNames()).toHaveLength(5))
  const all = (dots: string): HTMLElement[] => [...panel().querySelectorAll<HTMLElement>(dots)]
  const lanes = new Map(
    all('.lane-name .topic-dot').map((dot) => [dot.parentElement!.textContent, getComputedStyle(dot).backgroundColor]),
  )
  expect(new Set(lanes.values()).size).toBe(5)
  const cells = (): HTMLElement[] => all('.cell-topic[title]')
  await vi.waitFor(() => expect(cells().length).toBeGreaterThan(1))
  for (const cell of cells()) {
    const { textContent: topic } = cell
    expect(getComputedStyle(cell).backgroundImage, topic).toContain(lanes.get(topic))
  }
})

test('until all events are counted the lanes show about what there is, and how far counting is', async () => {
  const source = fakePanelSource({ events: 300 })
  const { lanes: counted } = source
  let done = 100
  Object.assign(source, {
    lanes: async (request: Parameters<typeof counted>[0]) => ({
      ...(await counted.call(source, request)),
      counting: done < 300 ? { done, total: 300 } : null,
    }),
  })
  await open({ events: 300 }, 1200, {}, source)
  await vi.waitFor(() => expect(laneNames()).toHaveLength(5))
  await expect.element(page.getByText('about, while counting: 33 %')).toBeVisible()
  done = 300
  await expect.element(page.getByText(/^about/)).not.toBeInTheDocument()
})

test('lanes hide with their counts still told, and come back', async () => {
  await open({ events: 5000 })
  await vi.waitFor(() => expect(laneNames()).toEqual(['cart', 'inventory', 'payments', 'session', 'ui']))
  await userEvent.hover(page.getByTitle(/^ui: /))
  await userEvent.click(page.getByRole('button', { name: 'Hide ui' }))
  await vi.waitFor(() => expect(laneNames()).not.toContain('ui'))
  await userEvent.click(page.getByRole('button', { name: /^ui \(hidden [\d.]+k?/ }))
  await vi.waitFor(() => expect(laneNames()).toContain('ui'))
  await userEvent.selectOptions(page.getByRole('combobox', { name: 'Lanes by' }), 'type')
  await vi.waitFor(() => expect(laneNames()).toContain('paid'))
})

test('the lanes zoom by keys and wheel, pan by drag, and fit again; the log stays', async () => {
  const { source } = await open({ events: 5000 })
  await vi.waitFor(() => expect(laneNames()).toHaveLength(5))
  const asked: number[] = []
  const { lanes: answer } = source
  source.lanes = (request) => {
    asked.push(request.until - request.since)
    return answer(request)
  }
  const fits = page.getByRole('button', { name: 'Fit all' })
  await expect.element(fits).toHaveAttribute('aria-pressed', 'true')
  await focusLog()
  await userEvent.keyboard('wwww')
  await expect.element(fits).toHaveAttribute('aria-pressed', 'false')
  await vi.waitFor(() => expect(asked.length).toBeGreaterThan(0))
  const zoomed = asked.at(-1)!
  const plot = panel().querySelector('.lane-plot')!
  plot.dispatchEvent(new WheelEvent('wheel', { deltaY: -800, clientX: 700, bubbles: true, cancelable: true }))
  await vi.waitFor(() => expect(asked.at(-1)).toBeLessThan(zoomed))
  expect(plot.querySelector('canvas')?.height).toBeGreaterThan(100)
  await focusLog()
  await userEvent.keyboard('f')
  await expect.element(fits).toHaveAttribute('aria-pressed', 'true')
  await rowCount(5000)
})

test('the state is what the projection gives there, and leads to what changed a part of it', async () => {
  const total = {
    name: 'events by topic',
    version: 1,
    initial: (): Record<string, number> => ({}),
    reduce: (state: Record<string, number>, { topic }: { topic: string }) => ({
      ...state,
      [topic]: (state[topic] ?? 0) + 1,
    }),
  }
  await open({ events: 60, projections: [total as never] }, 1200, { projections: [total as never] })
  await focusLog()
  await userEvent.keyboard('{Home}{Enter}[[')
  for (let step = 0; step < 40; step++) await userEvent.keyboard('{ArrowDown}')
  await userEvent.keyboard(']')
  await userEvent.click(tab('State'))
  const state = page.getByRole('tree', { name: 'State' })
  await expect.element(state).toBeVisible()
  await expect.element(page.getByText('after 40')).toBeVisible()
  await userEvent.click(page.getByRole('treeitem').filter({ hasText: 'ui' }))
  await userEvent.click(page.getByRole('button', { name: 'What changed it' }))
  await expect.element(page.getByText('state.ui')).toBeVisible()
  await vi.waitFor(() => expect(panel().querySelectorAll('.change').length).toBeGreaterThan(3))
  await userEvent.keyboard('x')
  await expect.element(tab('Diff A↔B')).toHaveAttribute('aria-selected', 'true')
  await expect.element(page.getByText(/^\d+ changes? from A to B\.$/)).toBeVisible()
  const change = panel().querySelector<HTMLElement>('.change')!
  const path = change.querySelector('.change-path')!.textContent.replace('state.', '')
  change.click()
  await expect.element(detail).toHaveTextContent(`${path}/`)
})

test('a comma and a full stop go to the event before and after in the same topic', async () => {
  await open({ events: 300 })
  await focusLog()
  await userEvent.keyboard('{Home}')
  const topicOf = () => selectedRow.element().querySelector('.cell-topic')?.textContent
  await vi.waitFor(() => expect(topicOf()).toBeTruthy())
  const topic = topicOf()
  await userEvent.keyboard('.')
  await vi.waitFor(() => expect(selectedRow.element().getAttribute('aria-rowindex')).not.toBe('1'))
  await vi.waitFor(() => expect(topicOf()).toBe(topic))
  await userEvent.keyboard(',')
  await expect.element(selectedRow).toHaveAttribute('aria-rowindex', '1')
})

test('the snapshot shows the state at any position and exports up to it', async () => {
  const { source } = await open({ events: 80 })
  await userEvent.click(tab('Snapshot'))
  const position = page.getByRole('slider', { name: 'Position' })
  await expect.element(position).toHaveAttribute('max', '79')
  await userEvent.fill(page.getByRole('spinbutton', { name: 'Sequence' }), '20')
  await userEvent.keyboard('{Tab}')
  await expect.element(page.getByText('after 20')).toBeVisible()
  await userEvent.click(page.getByRole('button', { name: 'Export up to here' }))
  await vi.waitFor(() => expect(source.exported).toMatchObject([{ before: 21, format: 'json' }]))
})

test('the health view tells host, flush times and storage', async () => {
  await open({ events: 5 })
  await userEvent.click(tab('Health'))
  for (const text of ['SharedWorker', '4.8 ms', '14.2 MB of 2.0 GB (0.7 %)']) {
    await expect.element(page.getByText(text)).toBeVisible()
  }
})

test('the counters view lists counters, finds them by their ids, and draws the one chosen', async () => {
  await open({ events: 5 })
  await userEvent.click(tab('Counters'))
  await expect.element(page.getByRole('img', { name: /^cart\/added by minute/ })).toBeVisible()
  await userEvent.fill(page.getByRole('searchbox', { name: 'Search counters' }), 'payments')
  await expect.element(page.getByText('3 counters')).toBeVisible()
  await userEvent.click(page.getByRole('button', { name: 'payments/refused' }))
  await userEvent.selectOptions(page.getByRole('combobox', { name: 'Window' }), 'hour')
  await expect.element(page.getByRole('img', { name: /^payments\/refused by hour/ })).toBeVisible()
})

test('the memory view shows what is live, and its findings lead to their events', async () => {
  await open({ events: 50, memory })
  await userEvent.click(tab('Memory'))
  await expect.element(page.getByRole('img', { name: 'Live bytes over time, at most 4.1 kB' })).toBeVisible()
  await expect.element(page.getByText('buffer: Uint8Array')).toBeVisible()
  await userEvent.click(page.getByText('double-free'))
  await userEvent.click(page.getByRole('button', { name: 'Event 7' }))
  await expect.element(detail).toHaveTextContent('sequence7')
})

test('Export saves what is shown as JSON, at once', async () => {
  const { source } = await open({ events: 50 })
  await userEvent.click(page.getByRole('button', { name: 'Export', exact: true }))
  await vi.waitFor(() => expect(source.exported).toEqual([{ filter: { all: [] }, before: null, format: 'json' }]))
  await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
})

test('what the filter shows is exported in the format asked for', async () => {
  const { source } = await open({ events: 500 })
  await userEvent.fill(filter, 'topic:cart')
  await vi.waitFor(() => expect(Number(log.element().getAttribute('aria-rowcount'))).toBeLessThan(500))
  await focusLog()
  await userEvent.keyboard('E')
  await userEvent.click(page.getByRole('radio', { name: /^NDJSON/ }))
  await userEvent.click(page.getByRole('button', { name: 'Save file' }))
  await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
  expect(source.exported).toEqual([
    { filter: { all: [{ is: 'topic', match: { contains: 'cart' } }] }, before: null, format: 'ndjson' },
  ])
})

test('an exported file opens read-only in the same panel, by mounting or by dropping it', async () => {
  const store = await openStore(`panel-file-${crypto.randomUUID()}`, { storage: 'memory', host: 'inline' })
  await store.topic('cart').append(Array.from({ length: 12 }, (_, n) => ({ type: 'added', data: { n } })))
  const blob = await store.export()
  await store.close()
  await open({ events: 30 })
  const transfer = new DataTransfer()
  transfer.items.add(new File([blob], 'kept.json'))
  panel()
    .querySelector('.panel')!
    .dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }))
  await rowCount(12)
  await expect.element(page.getByRole('button', { name: 'Clear…' })).not.toBeInTheDocument()
  await userEvent.click(page.getByRole('button', { name: 'Close file' }))
  await rowCount(30)
  unmount()

  const element = document.body.appendChild(document.createElement('div'))
  element.style.cssText = 'position: fixed; inset: 0'
  const mounted = mountPanel(element, { file: blob })
  await rowCount(12)
  mounted.unmount()
  element.remove()
})

test('compacting is confirmed by the name of the store, and tells what it did', async () => {
  await open({ events: 5 })
  await userEvent.click(tab('Health'))
  await userEvent.click(page.getByRole('button', { name: 'Compact…' }))
  await userEvent.fill(page.getByRole('textbox', { name: 'Type shop to confirm' }), 'shop')
  await userEvent.click(page.getByRole('button', { name: 'Compact', exact: true }))
  await expect.element(page.getByText(/^Compacted: 9 segments → 2/)).toBeVisible()
  await expect.element(page.getByRole('listitem').filter({ hasText: 'Compacted: 9 segments → 2' })).toBeVisible()
})

test('the split between log and detail is moved by keyboard, and survives a reload', async () => {
  const { source } = await open({ events: 50 })
  await focusLog()
  await userEvent.keyboard('{Home}{Enter}')
  const split = page.getByRole('separator', { name: 'Width of the detail' })
  const before = detail.element().getBoundingClientRect().width
  ;(split.element() as HTMLElement).focus()
  await userEvent.keyboard('{ArrowLeft}{ArrowLeft}')
  await vi.waitFor(() => expect(detail.element().getBoundingClientRect().width).toBeGreaterThan(before + 30))
  unmount()
  await open({ events: 50 }, 1200, {}, source)
  await expect.element(split).toHaveAttribute('aria-valuenow', '42')
  await expect.element(detail).toHaveTextContent('sequence0')
})

test('a question mark shows the keys, and keys in a field are text', async () => {
  await open({ events: 5 })
  await userEvent.fill(filter, '?4f')
  await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
  await focusLog()
  await userEvent.keyboard('?')
  await expect.element(page.getByRole('dialog', { name: 'Keys' })).toBeVisible()
})

test('below 260 px of height the timeline is a strip', async () => {
  const { element } = await open({ events: 500 })
  element.style.cssText = 'position: fixed; inset: 0 0 auto; height: 250px'
  await settle()
  expect(timeline.element().getBoundingClientRect().height).toBeLessThan(40)
  await expect.element(lanes).not.toBeInTheDocument()
})
