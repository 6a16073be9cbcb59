import { afterEach, expect, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { mountPanel, type PanelOptions } from '../../panel/mount.js'
import type { ReadableStore } from '../../src/core/store.js'
import { PANEL_SOURCE } from '../../src/protocol/panel-source.js'
import { fakePanelSource, type FakeOptions, type FakePanelSource } from './fake-panel-source.js'

export const log = page.getByRole('grid', { name: 'Events' })
export const filter = page.getByRole('searchbox', { name: 'Filter' })
export const status = page.getByRole('status')
export const timeline = page.getByRole('application', { name: 'Timeline' })
export const jumpToLive = page.getByRole('button', { name: 'Jump to live' })
export const selectedRow = page.getByRole('row', { selected: true })
export const row = (rank: number) => log.element().querySelector(`[aria-rowindex="${rank + 1}"]`)

let unmountOpen: () => void = () => {}
afterEach(async () => {
  unmount()
  // Effects end after the frame: the last of what is kept is written only then.
  await settle()
  localStorage.clear()
})

export function unmount(): void {
  unmountOpen()
  unmountOpen = () => {}
}

/** A panel on a source of so many events, once it shows them. */
export async function open(
  options: FakeOptions = {},
  width = 1200,
  panelOptions: PanelOptions = {},
  source: FakePanelSource = fakePanelSource(options),
  height = 700,
): Promise<{ source: FakePanelSource; element: HTMLElement }> {
  await page.viewport(width, height)
  const element = document.createElement('div')
  element.style.cssText = 'position: fixed; inset: 0'
  document.body.append(element)
  // The way a store hands it out.
  const panel = mountPanel(element, { [PANEL_SOURCE]: () => source } as unknown as ReadableStore, panelOptions)
  unmountOpen = () => {
    panel.unmount()
    element.remove()
  }
  await rowCount(options.events ?? 0)
  return { source, element }
}

export async function rowCount(count: number): Promise<void> {
  await expect.element(log).toHaveAttribute('aria-rowcount', String(count))
}

/** The rows in sight end with this one, once they are drawn. */
export async function lastRowIs(index: number): Promise<void> {
  await vi.waitFor(() => {
    const last = [...log.element().querySelectorAll('[role=row]')].at(-1)
    expect(Number(last?.getAttribute('aria-rowindex'))).toBe(index)
  })
}

/** Two frames: what was asked for is drawn. */
export async function settle(): Promise<void> {
  for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame)
}

export const focused = (): Element | null | undefined =>
  document.querySelector('.tabscribe-panel')?.shadowRoot?.activeElement

export async function focusLog(): Promise<void> {
  ;(log.element() as HTMLElement).focus()
  await settle()
}

/** As chosen from the menu; asks to be confirmed. */
export async function chooseToImport(file: File): Promise<void> {
  await userEvent.click(page.getByRole('button', { name: 'Source', exact: true }))
  await userEvent.click(page.getByRole('menuitem', { name: /^Import/ }))
  const input = document.querySelector('.tabscribe-panel')!.shadowRoot!.querySelector<HTMLInputElement>('[type=file]')!
  const chosen = new DataTransfer()
  chosen.items.add(file)
  input.files = chosen.files
  input.dispatchEvent(new Event('change'))
}
