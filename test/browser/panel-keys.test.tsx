/** Each key that the help names does what it says. */
import { afterEach, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { PANEL_KEYS, VIEWS } from '../../panel/model/panel-keys.js'
import type { FakePanelSource } from '../kit/fake-panel-source.js'
import { filter, focused, focusLog, log, open, selectedRow } from '../kit/open-panel.js'

const panel = (): ShadowRoot => document.querySelector('.tabscribe-panel')!.shadowRoot!
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
const keys = (written: string): Promise<void> => userEvent.keyboard(written.replaceAll('[', '[['))
const rowIs = async (rank: number): Promise<void> => {
  await expect.element(selectedRow).toHaveAttribute('aria-rowindex', String(rank + 1))
}
const topicOfRow = (): string => selectedRow.element().querySelector('.cell-topic')!.textContent
const span = (): string => panel().querySelector('.lanes-span')!.textContent

afterEach(() => void vi.restoreAllMocks())

/** The lanes show something else than before. */
async function moves(written: string): Promise<void> {
  await keys('www')
  await vi.waitFor(() => expect(button('Fit all').element()).toHaveAttribute('aria-pressed', 'false'))
  const before = span()
  await keys(written)
  await vi.waitFor(() => expect(span()).not.toBe(before))
}

async function copies(written: string, expected: unknown): Promise<void> {
  const copied = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue()
  await keys('{Enter}')
  await expect.element(page.getByRole('tree', { name: 'Data' })).toBeVisible()
  await keys(written)
  await vi.waitFor(() => expect(copied).toHaveBeenCalledWith(expected))
}

async function marks(written: string, name: string): Promise<void> {
  await keys(`${written}{Enter}`)
  await expect.element(button(name)).toHaveAttribute('aria-pressed', 'true')
}

async function goesOnInTopic(): Promise<void> {
  const topic = topicOfRow()
  await keys('.')
  await vi.waitFor(() => expect(selectedRow.element().getAttribute('aria-rowindex')).not.toBe('1'))
  await vi.waitFor(() => expect(topicOfRow()).toBe(topic))
}

async function opens(view: string, written: string): Promise<void> {
  await keys(written)
  await expect.element(page.getByRole('tab', { name: view, exact: true })).toHaveAttribute('aria-selected', 'true')
}

/** From the first of 300 events, which is selected. */
const does: Record<string, (source: FakePanelSource) => Promise<void>> = {
  ...Object.fromEntries(VIEWS.map((view, at) => [String(at + 1), () => opens(view, String(at + 1))])),
  async '/'() {
    await keys('/')
    await vi.waitFor(() => expect(focused()).toBe(filter.element()))
  },
  async N() {
    await keys('nn')
    await rowIs(2)
  },
  async '⇧N'() {
    await keys('nnN')
    await rowIs(1)
  },
  async ','() {
    await goesOnInTopic()
    await keys(',')
    await rowIs(0)
  },
  '.': goesOnInTopic,
  '[': () => marks('[', 'Mark as A'),
  ']': () => marks(']', 'Mark as B'),
  async X() {
    await keys('x')
    await expect.element(page.getByRole('tab', { name: 'Diff A↔B' })).toHaveAttribute('aria-selected', 'true')
  },
  W: () => moves('w'),
  S: () => moves('s'),
  A: () => moves('a'),
  D: () => moves('aad'),
  async F() {
    await moves('f')
    await expect.element(button('Fit all')).toHaveAttribute('aria-pressed', 'true')
  },
  async H() {
    const type = selectedRow.element().querySelector('.cell-type')!.textContent
    await keys('{Enter}h')
    await expect.element(filter).toHaveValue(`-type:/^${type}$/`)
  },
  async P() {
    const topic = topicOfRow()
    await vi.waitFor(() => expect(panel().querySelectorAll('.lane-key').length).toBeGreaterThan(3))
    await keys('p')
    await vi.waitFor(() => expect(panel().querySelector('.lane-key')).toHaveTextContent(topic))
    await expect.element(button(`Pin ${topic}`)).toHaveAttribute('aria-pressed', 'true')
  },
  async Space() {
    await keys(' ')
    await expect.element(button('Pause')).toHaveAttribute('aria-pressed', 'true')
  },
  async End() {
    button('Fit all').element().focus()
    await keys('{End}')
    await expect.element(button('Jump to live')).not.toBeInTheDocument()
  },
  C: () => copies('c', expect.any(String)),
  '⇧C': () => copies('C', 'data'),
  async E(source) {
    await keys('e')
    await vi.waitFor(() => expect(source.exported).toHaveLength(1))
  },
  async '⇧E'() {
    await keys('E')
    await expect.element(page.getByRole('dialog', { name: 'Export' })).toBeVisible()
  },
  async '?'() {
    await keys('?')
    await expect.element(page.getByRole('dialog', { name: 'Keys' })).toBeVisible()
  },
}

test.each(PANEL_KEYS)('$written: $does', async ({ written }) => {
  const { source } = await open({ events: 300 })
  await focusLog()
  await keys('{Home}')
  await rowIs(0)
  await vi.waitFor(() => expect(topicOfRow()).toBeTruthy())
  await does[written]!(source)
})

test('Escape alone, and what is pressed with Control, are left to DevTools', async () => {
  await open({ events: 30 })
  await focusLog()
  for (const [key, ctrlKey] of [
    ['Escape', false],
    ['[', true],
    [']', true],
  ] as const) {
    const pressed = new KeyboardEvent('keydown', { key, ctrlKey, bubbles: true, composed: true, cancelable: true })
    log.element().dispatchEvent(pressed)
    expect([key, pressed.defaultPrevented]).toEqual([key, false])
  }
})
