import { expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import type { LanesRequest } from '../../src/protocol/panel-source.js'
import { fakePanelSource } from '../kit/fake-panel-source.js'
import { swipe } from '../kit/fingers.js'
import { focused, focusLog, log, open, rowCount, selectedRow, settle, timeline } from '../kit/open-panel.js'
import { limits, memory } from '../kit/panel-fixtures.js'

const panel = (): ShadowRoot => document.querySelector('.tabscribe-panel')!.shadowRoot!
const plot = (): HTMLElement => panel().querySelector<HTMLElement>('.lane-plot')!

/** The panel with its lanes drawn, and what it asks to see of them from then on. */
async function opened(): Promise<LanesRequest[]> {
  const source = fakePanelSource({ events: 5000 })
  const asked: LanesRequest[] = []
  const { lanes } = source
  source.lanes = (request) => {
    asked.push(request)
    return lanes(request)
  }
  await open({ events: 5000 }, 1200, {}, source)
  await vi.waitFor(() => expect(panel().querySelectorAll('.lane-name')).toHaveLength(5))
  asked.length = 0
  return asked
}

interface Touch {
  id: number
  /** Of the width. */
  at: number
}

function pointer(target: HTMLElement, type: string, { id, at }: Touch, init: PointerEventInit = {}): void {
  const { left, width, top, height } = target.getBoundingClientRect()
  const place = { clientX: left + width * at, clientY: top + height / 2, pointerId: id }
  // Nobody holds a made-up pointer.
  target.setPointerCapture = () => {}
  target.dispatchEvent(new PointerEvent(type, { ...place, bubbles: true, button: 0, pointerType: 'touch', ...init }))
}

async function drag(target: HTMLElement, from: number, to: number, init: PointerEventInit = {}): Promise<void> {
  pointer(target, 'pointerdown', { id: 1, at: from }, init)
  await settle()
  for (let step = 1; step <= 4; step++) {
    pointer(target, 'pointermove', { id: 1, at: from + ((to - from) * step) / 4 }, init)
    await settle()
  }
  pointer(target, 'pointerup', { id: 1, at: to }, init)
  await settle()
}

type Stretch = Pick<LanesRequest, 'since' | 'until'>
const span = ({ since, until }: Stretch): number => until - since
const middle = ({ since, until }: Stretch): number => (since + until) / 2

/** What the lanes show by now, as they tell it. */
function shown(): Stretch {
  const text = panel().querySelector('.lanes-span')!.textContent
  const [since = NaN, until = NaN] = text.split(' – ').map((clock) => Date.parse(`2026-11-20T${clock}Z`))
  return { since, until }
}

test('two fingers moved apart zoom in, and what lay between them stays there; together they zoom out', async () => {
  await opened()
  const pinch = async (from: number, to: number): Promise<void> => {
    for (const id of [1, 2]) pointer(plot(), 'pointerdown', { id, at: 0.5 + (id === 1 ? -from : from) })
    for (let step = 1; step <= 5; step++) {
      const apart = from + ((to - from) * step) / 5
      for (const id of [1, 2]) pointer(plot(), 'pointermove', { id, at: 0.5 + (id === 1 ? -apart : apart) })
      await settle()
    }
    for (const id of [1, 2]) pointer(plot(), 'pointerup', { id, at: 0.5 + (id === 1 ? -to : to) })
    await settle()
  }
  const whole = shown()
  await pinch(0.1, 0.4)
  const near = shown()
  expect(span(near) / span(whole)).toBeCloseTo(0.25, 1)
  expect(Math.abs(middle(near) - middle(whole))).toBeLessThan(span(near) / 10)
  await pinch(0.4, 0.2)
  expect(span(shown()) / span(near)).toBeCloseTo(2, 1)
  expect(Math.abs(middle(shown()) - middle(whole))).toBeLessThan(span(near) / 10)
  await expect.element(page.getByRole('region', { name: 'Event detail' })).not.toBeInTheDocument()
})

test('a finger drags the lanes to what was before, and does not select', async () => {
  const asked = await opened()
  await focusLog()
  await userEvent.keyboard('www')
  await vi.waitFor(() => expect(asked.length).toBeGreaterThan(0))
  const before = panel().querySelector('.lanes-span')!.textContent
  const selected = selectedRow.elements().length
  await drag(plot(), 0.3, 0.7)
  await vi.waitFor(() => expect(panel().querySelector('.lanes-span')!.textContent < before).toBe(true))
  expect(selectedRow.elements()).toHaveLength(selected)
})

test('with real fingers: two pinch the lanes, and one drags them', async () => {
  await opened()
  const whole = shown()
  await swipe(plot(), [0.4, 0.6], [0.1, 0.9])
  await vi.waitFor(() => expect(span(shown()) / span(whole)).toBeCloseTo(0.25, 1))
  const near = shown()
  expect(Math.abs(middle(near) - middle(whole))).toBeLessThan(span(near) / 10)
  await swipe(plot(), [0.3], [0.7])
  await vi.waitFor(() => expect((middle(near) - middle(shown())) / span(near)).toBeCloseTo(0.4, 1))
  expect(span(shown()) / span(near)).toBeCloseTo(1, 1)
})

test('a tap on the lanes goes to the event that lies there', async () => {
  await opened()
  await drag(plot(), 0.5, 0.5)
  await expect.element(selectedRow).toBeVisible()
  const rank = Number(selectedRow.element().getAttribute('aria-rowindex'))
  expect(rank).toBeGreaterThan(1000)
  expect(rank).toBeLessThan(4000)
})

test('the wheel zooms where the pointer is; sideways, or with Shift, it pans', async () => {
  const asked = await opened()
  const wheel = async (init: WheelEventInit): Promise<LanesRequest> => {
    asked.length = 0
    const { left, width } = plot().getBoundingClientRect()
    const at = { clientX: left + width * 0.75, bubbles: true, cancelable: true }
    const event = new WheelEvent('wheel', { ...at, ...init })
    plot().dispatchEvent(event)
    expect(event.defaultPrevented).toBe(true)
    await vi.waitFor(() => expect(asked.length).toBeGreaterThan(0))
    return asked.at(-1)!
  }
  const near = await wheel({ deltaY: -1200 })
  const nearer = await wheel({ deltaY: -800 })
  expect(span(nearer)).toBeLessThan(span(near))
  expect(middle(await wheel({ deltaX: -900 }))).toBeLessThan(middle(nearer))
  expect(middle(await wheel({ deltaY: 900, shiftKey: true }))).toBeGreaterThanOrEqual(middle(nearer))
})

test('a stretch dragged out with Shift is all that the log shows, until it is cleared', async () => {
  await opened()
  await drag(plot(), 0.4, 0.6, { shiftKey: true, pointerType: 'mouse' })
  await vi.waitFor(() => expect(Number(log.element().getAttribute('aria-rowcount'))).toBeLessThan(3000))
  await userEvent.click(page.getByRole('button', { name: 'Clear time range' }))
  await rowCount(5000)
})

test('the brush of the overview moves what the lanes show', async () => {
  await opened()
  await focusLog()
  const whole = shown()
  await userEvent.keyboard('wwww')
  await vi.waitFor(() => expect(span(shown())).toBeLessThan(span(whole) / 4))
  const before = shown()
  await drag(timeline.element() as HTMLElement, 0.5, 0.7)
  await vi.waitFor(() => expect(middle(shown())).toBeGreaterThan(middle(before) + span(before) / 2))
  expect(span(shown()) / span(before)).toBeCloseTo(1, 1)
  await expect.element(page.getByRole('button', { name: 'Clear time range' })).not.toBeInTheDocument()
})

const CONTROLS = 'button, input, select, summary, [tabindex="0"]'

test('whatever can be pressed is reached by the Tab key, or by the arrow keys from what is', async () => {
  await open({ events: 400, memory, limits })
  await focusLog()
  await userEvent.keyboard('{Home}{Enter}')
  for (const view of ['Timeline', 'Events', 'Snapshot', 'Counters', 'Memory', 'Health']) {
    const tab = page.getByRole('tab', { name: view, exact: true })
    await userEvent.click(tab)
    await settle()
    const reached = new Set<Element>()
    const missed = (): HTMLElement[] =>
      [...panel().querySelectorAll<HTMLElement>(CONTROLS)].filter((control) => {
        const isGroup = ['tab', 'radio'].includes(control.getAttribute('role') ?? '') && control.tabIndex === -1
        const isSeen = control.checkVisibility() && control.closest('[inert], .unseen') === null
        return isSeen && !control.matches(':disabled') && !isGroup && !reached.has(control)
      })
    // From the first one to the last: beyond it lies the browser, which not every driver comes back from.
    missed()[0]!.focus()
    for (let stop = 0; stop < 120 && missed().length > 0; stop++) {
      const here = focused()
      if (!here || reached.has(here)) break
      reached.add(here)
      if (missed().length > 0) await userEvent.tab()
    }
    expect([view, missed().map(({ outerHTML }) => outerHTML)]).toEqual([view, []])
  }
})

test('the source menu opens, moves and closes by keyboard', async () => {
  await open({ events: 10 })
  const button = page.getByRole('button', { name: 'Source' })
  ;(button.element() as HTMLElement).focus()
  await userEvent.keyboard('{ArrowDown}')
  await vi.waitFor(() => expect(focused()?.textContent).toMatch(/^shop/))
  await userEvent.keyboard('{ArrowDown}')
  await vi.waitFor(() => expect(focused()?.textContent).toMatch(/^Open/))
  await userEvent.keyboard('{Escape}')
  await expect.element(page.getByRole('menu')).not.toBeInTheDocument()
  await vi.waitFor(() => expect(focused()).toBe(button.element()))
})

test('a type is hidden with its events still counted, and comes back with the filter cleared', async () => {
  await open({ events: 400 })
  await focusLog()
  await userEvent.keyboard('{Home}{Enter}')
  const type = selectedRow.element().querySelector('.cell-type')!.textContent
  await userEvent.keyboard('h')
  await vi.waitFor(() => {
    const types = [...log.element().querySelectorAll('.cell-type')].map(({ textContent }) => textContent)
    expect(types).not.toContain(type)
  })
  await expect.element(page.getByText('of 400')).toBeVisible()
  await userEvent.click(page.getByRole('button', { name: 'Clear filter text' }))
  await rowCount(400)
})

test('between panes one under the other the split moves up and down', async () => {
  await open({ events: 50 }, 760)
  await focusLog()
  await userEvent.keyboard('{Home}{Enter}')
  const split = page.getByRole('separator', { name: 'Height of the detail' })
  const detail = page.getByRole('region', { name: 'Event detail' })
  const before = detail.element().getBoundingClientRect().height
  ;(split.element() as HTMLElement).focus()
  await userEvent.keyboard('{ArrowUp}{ArrowUp}')
  await vi.waitFor(() => expect(detail.element().getBoundingClientRect().height).toBeGreaterThan(before + 5))
})
