import { expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { mountPanel } from '../../panel/mount.js'
import type { ReadableStore } from '../../src/core/store.js'
import { fakePanelSource } from '../kit/fake-panel-source.js'
import {
  filter,
  focused,
  focusLog,
  jumpToLive,
  lastRowIs,
  log,
  open,
  row,
  rowCount,
  selectedRow,
  settle,
  status,
  timeline,
  unmount,
} from '../kit/open-panel.js'

test('on load the log holds all matching events and shows the newest', async () => {
  await open({ events: 12_345 })
  await expect.element(page.getByText('12,345 of 12k')).toBeVisible()
  await expect.element(status).toHaveTextContent('head 12,344')
  await lastRowIs(12_345)
})

test('only the rows in sight are in the document', async () => {
  await open({ events: 100_000 })
  expect(log.element().querySelectorAll('[role=row]').length).toBeLessThan(60)
})

test('a filter narrows the log, and clearing it brings everything back', async () => {
  const { source } = await open({ events: 3000 })
  await userEvent.fill(filter, 'topic:cart type:/paid$/')
  await vi.waitFor(() => expect(Number(log.element().getAttribute('aria-rowcount'))).toBeLessThan(1000))
  await vi.waitFor(() => {
    const types = [...log.element().querySelectorAll('.cell-type')].map((cell) => cell.textContent)
    expect(new Set(types)).toEqual(new Set(['paid']))
  })
  expect(source.openSearches).toBe(1)
  await userEvent.click(page.getByRole('button', { name: 'Clear filter text' }))
  await rowCount(3000)
})

test('an error in the filter is told in words and the last good filter stays', async () => {
  await open({ events: 500 })
  await userEvent.fill(filter, 'data.amount')
  await expect.element(page.getByText('Compare data.amount with something')).toBeVisible()
  await expect.element(filter).toHaveAttribute('aria-invalid', 'true')
  await rowCount(500)
})

test('an empty store says that it is connected, and shows the first event as it comes', async () => {
  const { source } = await open()
  await expect.element(page.getByText('Connected, and no events yet')).toBeVisible()
  source.grow(1)
  await rowCount(1)
  await expect.element(page.getByText('Connected, and no events yet')).not.toBeInTheDocument()
})

test('while nothing is found yet, that is said, and not that nothing matches', async () => {
  const source = fakePanelSource({ events: 200 })
  const { search } = source
  source.search = async (filter) => {
    const found = await search.call(source, filter)
    const { progress } = found
    found.progress = async (after) => {
      const seen = await progress.call(found, after)
      return seen && { ...seen, done: false }
    }
    return found
  }
  await open({ events: 200 }, 1200, {}, source)
  await userEvent.fill(filter, 'no-such-thing')
  await expect.element(page.getByText('Nothing so far')).toBeVisible()
  expect(page.getByText('Nothing matches this filter').query()).toBeNull()
})

test('a filter that matches nothing says so and offers to clear it', async () => {
  await open({ events: 200 })
  await userEvent.fill(filter, 'no-such-thing')
  await expect.element(page.getByText('Nothing matches this filter')).toBeVisible()
  await userEvent.click(page.getByRole('button', { name: 'Clear filter', exact: true }))
  await rowCount(200)
  await expect.element(filter).toHaveValue('')
})

test('the arrow keys, j and k move the selection; Home and End go to the ends', async () => {
  await open({ events: 1000 })
  await focusLog()
  await userEvent.keyboard('{Home}')
  await expect.element(selectedRow).toHaveAttribute('aria-rowindex', '1')
  await userEvent.keyboard('{ArrowDown}j{ArrowDown}k')
  await expect.element(selectedRow).toHaveAttribute('aria-rowindex', '3')
  const active = log.element().getAttribute('aria-activedescendant')
  expect(selectedRow.element().id).toBe(active)
  await userEvent.keyboard('{End}')
  await expect.element(selectedRow).toHaveAttribute('aria-rowindex', '1000')
  await userEvent.keyboard('{PageUp}')
  await vi.waitFor(() => expect(Number(selectedRow.element().getAttribute('aria-rowindex'))).toBeLessThan(990))
})

test('a slash puts the cursor into the filter', async () => {
  await open({ events: 10 })
  await focusLog()
  await userEvent.keyboard('/')
  await vi.waitFor(() => expect(focused()).toBe(filter.element()))
  await expect.element(filter).toHaveValue('')
})

test('Enter opens the detail, its buttons go to the event before and after', async () => {
  await open({ events: 100, startAt: new Date(2026, 10, 20, 10, 0).getTime() })
  await focusLog()
  await userEvent.keyboard('{Home}{ArrowDown}{Enter}')
  const detail = page.getByRole('region', { name: 'Event detail' })
  await expect.element(detail).toHaveTextContent('#1')
  await expect.element(detail).toHaveTextContent('2026-11-20 10:00:00.')
  await userEvent.click(page.getByRole('button', { name: 'Next event' }))
  await expect.element(detail).toHaveTextContent('#2')
  await userEvent.click(page.getByRole('button', { name: 'Previous event' }))
  await userEvent.click(page.getByRole('button', { name: 'Previous event' }))
  await expect.element(detail).toHaveTextContent('#0')
  await expect.element(page.getByRole('button', { name: 'Previous event' })).toBeDisabled()
  await userEvent.click(page.getByRole('button', { name: 'Close detail' }))
  await expect.element(detail).not.toBeInTheDocument()
})

test('the detail shows values as what they are, and the tree opens by keyboard', async () => {
  const { source } = await open({ events: 5 })
  const lines = new Map([['a', { sku: 'A-1' }]])
  source.record({
    topic: 'cart',
    type: 'odd',
    id: 'evt-1',
    meta: { trace: 'x1' },
    data: { amount: 129n, lines, zero: -0, none: undefined },
  })
  await rowCount(6)
  await focusLog()
  await userEvent.keyboard('{End}{Enter}')
  const tree = page.getByRole('tree')
  await expect.element(tree).toBeVisible()
  const item = (text: string) => page.getByRole('treeitem').filter({ hasText: text })
  await expect.element(item('amount')).toHaveTextContent('129n')
  await expect.element(item('zero')).toHaveTextContent('-0')
  await expect.element(item('none')).toHaveTextContent('undefined')
  await expect.element(item('meta')).toBeVisible()
  ;(tree.element() as HTMLElement).focus()
  await userEvent.keyboard('{ArrowDown}{ArrowDown}{ArrowRight}')
  await expect.element(item('lines')).toHaveAttribute('aria-expanded', 'true')
  await userEvent.keyboard('{ArrowRight}{ArrowRight}{ArrowRight}')
  await expect.element(item('sku')).toHaveAttribute('aria-level', '4')
  await expect.element(page.getByText('data.lines.a.sku')).toBeVisible()
  await userEvent.keyboard('{ArrowLeft}{ArrowLeft}{ArrowLeft}{ArrowLeft}')
  await expect.element(item('lines')).toHaveAttribute('aria-expanded', 'false')
})

test('the log sticks to the newest event while it is at its end', async () => {
  const { source } = await open({ events: 2000 })
  source.grow(500)
  await rowCount(2500)
  await lastRowIs(2500)
  await expect.element(jumpToLive).not.toBeInTheDocument()
})

test('scrolled away, the log stays put while events come in, until told to jump to live', async () => {
  const { source } = await open({ events: 2000 })
  log.element().scrollTop = 2200
  await vi.waitFor(() => expect(row(100)?.textContent).toContain('100'))
  source.grow(500)
  await rowCount(2500)
  await settle()
  expect(log.element().scrollTop).toBe(2200)
  expect(row(100)).not.toBeNull()
  await userEvent.click(jumpToLive)
  await lastRowIs(2500)
  source.grow(1)
  await rowCount(2501)
  await lastRowIs(2501)
})

test('a pause holds the log still and tells how far behind it is', async () => {
  const { source } = await open({ events: 1000 })
  await userEvent.click(page.getByRole('button', { name: 'Pause' }))
  source.grow(300)
  await expect.element(status).toHaveTextContent('head 1,299')
  await expect.element(status).toHaveTextContent('300 behind')
  await rowCount(1000)
  await userEvent.click(page.getByRole('button', { name: 'Pause' }))
  await rowCount(1300)
})

test('a selected event stays selected under another filter that matches it, however long the search', async () => {
  await open({ events: 120_000 })
  await focusLog()
  await userEvent.keyboard('{End}')
  await expect.element(selectedRow).toBeVisible()
  for (let step = 0; step < 30 && !selectedRow.element().textContent?.includes('cart'); step++) {
    await userEvent.keyboard('{ArrowUp}')
    await expect.element(selectedRow).toBeVisible()
  }
  const sequence = selectedRow.element().querySelector('.cell-seq')?.textContent
  await userEvent.fill(filter, 'topic:cart')
  await vi.waitFor(() => expect(Number(log.element().getAttribute('aria-rowcount'))).toBeLessThan(60_000))
  await expect.element(selectedRow).toHaveTextContent(new RegExp(`^${sequence}\\D`))
})

test('dragging over the timeline shows that stretch alone, until it is cleared', async () => {
  await open({ events: 5000 })
  const { width, left, top } = timeline.element().getBoundingClientRect()
  const pointer = (type: string, part: number): void => {
    const at = { clientX: left + width * part, clientY: top + 20, button: 0, pointerId: 1, bubbles: true }
    timeline.element().dispatchEvent(new PointerEvent(type, at))
  }
  timeline.element().setPointerCapture = () => {}
  await vi.waitFor(async () => {
    pointer('pointermove', 0.3)
    await settle()
    expect(timeline.element().querySelector('.timeline-tip')).not.toBeNull()
  })
  for (const [type, part] of [
    ['pointerdown', 0.3],
    ['pointermove', 0.5],
    ['pointerup', 0.6],
  ] as const) {
    pointer(type, part)
    await settle()
  }
  const clear = page.getByRole('button', { name: 'Clear time range' })
  await expect.element(clear).toBeVisible()
  await vi.waitFor(() => expect(Number(log.element().getAttribute('aria-rowcount'))).toBeLessThan(4000))
  await userEvent.click(clear)
  await rowCount(5000)
})

test('the keyboard walks the timeline and a live region reads each bucket', async () => {
  await open({ events: 5000 })
  ;(timeline.element() as HTMLElement).focus()
  await settle()
  const spoken = (): string | null | undefined =>
    timeline.element().parentElement?.querySelector('[aria-live]')?.textContent
  await vi.waitFor(async () => {
    await userEvent.keyboard('{Home}')
    expect(spoken()).toMatch(/^[\d,]+ events?, 10:00:00/)
  })
  const first = spoken()
  await userEvent.keyboard('{ArrowRight}')
  await vi.waitFor(() => expect(spoken()).not.toBe(first))
})

test('the timeline is painted', async () => {
  await open({ events: 5000 })
  await vi.waitFor(() => {
    const canvas = timeline.element().querySelector('canvas')
    const pixels = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data
    expect(pixels?.some((byte) => byte > 0)).toBe(true)
  })
})

test('clearing asks for the name of the store, shows what goes, and empties the log', async () => {
  const { source } = await open({ events: 1500 })
  await userEvent.click(page.getByRole('button', { name: 'Clear…' }))
  const confirm = page.getByRole('button', { name: 'Clear all events' })
  await expect.element(page.getByText('1,500 events in 5 topics')).toBeVisible()
  await expect.element(page.getByRole('button', { name: 'Export first' })).toBeVisible()
  await expect.element(confirm).toBeDisabled()
  await userEvent.fill(page.getByRole('textbox', { name: 'Type shop to confirm' }), 'sho')
  await expect.element(confirm).toBeDisabled()
  await userEvent.fill(page.getByRole('textbox', { name: 'Type shop to confirm' }), 'shop')
  await userEvent.click(confirm)
  await rowCount(0)
  expect(source.cleared).toBe(1)
  await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
  source.grow(3)
  await rowCount(3)
  await vi.waitFor(() => expect(row(0)?.textContent).toContain('1500'))
})

test('a source that only reads has nothing to clear', async () => {
  await open({ events: 5, readOnly: true, producer: null })
  await expect.element(page.getByRole('button', { name: 'Export', exact: true })).toBeVisible()
  await expect.element(page.getByRole('button', { name: 'Clear…' })).not.toBeInTheDocument()
})

test('when the store stops answering the panel says so, keeps what it has, and asks again and again', async () => {
  const { source } = await open({ events: 700 })
  const { search } = source
  source.search = () => Promise.reject(new Error('The page is being loaded.'))
  source.die()
  const alert = page.getByRole('alert')
  await expect.element(alert).toHaveTextContent('attempt 1: the store stopped answering.')
  await expect.element(alert).toHaveTextContent('attempt 2: The page is being loaded.')
  await rowCount(700)
  source.grow(10)
  source.search = search
  await rowCount(710)
  await expect.element(page.getByRole('alert')).not.toBeInTheDocument()
})

test('below 600 px one pane is shown at a time', async () => {
  await open({ events: 100 }, 420)
  const grid = log.element()
  await focusLog()
  await userEvent.keyboard('{End}{Enter}')
  await expect.element(page.getByRole('region', { name: 'Event detail' })).toBeVisible()
  await vi.waitFor(() => expect(getComputedStyle(grid).visibility).toBe('hidden'))
  await userEvent.click(page.getByRole('button', { name: 'Back to events' }))
  await expect.element(log).toBeVisible()
  await vi.waitFor(() => expect(focused()).toBe(grid))
})

test('unmounting leaves nothing behind: no element, no search, no style on the page', async () => {
  const sheets = document.adoptedStyleSheets.length
  const { source, element } = await open({ events: 300 })
  await userEvent.fill(filter, 'topic:ui')
  await vi.waitFor(() => expect(Number(log.element().getAttribute('aria-rowcount'))).toBeLessThan(300))
  unmount()
  expect(element.childNodes).toHaveLength(0)
  await vi.waitFor(() => expect(source.openSearches).toBe(0))
  expect(document.adoptedStyleSheets.length).toBe(sheets)
  source.grow(100)
})

test('something that is no store is refused with a sentence', () => {
  expect(() => mountPanel(document.createElement('div'), {} as ReadableStore)).toThrow('mountPanel needs a store')
})
