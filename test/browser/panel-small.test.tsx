/** What can still be read and reached where DevTools are docked and leave little room. */
import { expect, test } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import type { LimitState } from '../../src/fold/counter/limit.js'
import { chooseToImport, open, settle } from '../kit/open-panel.js'
import { limits } from '../kit/panel-fixtures.js'

const panel = (): ShadowRoot => document.querySelector('.tabscribe-panel')!.shadowRoot!

/** Nothing lies over its corners, and none of them is cut off. */
function isWholeInSight(element: Element): boolean {
  const { left, top, right, bottom } = element.getBoundingClientRect()
  const inset = 4
  return [left + inset, right - inset].every((x) =>
    [top + inset, bottom - inset].every((y) => element.contains(panel().elementFromPoint(x, y))),
  )
}

test('the limits are read whole in 360 pixels, however long a name is and however large the numbers', async () => {
  const long: LimitState = {
    constraint: { is: 'atMost', id: 'payments/authorisation-requested-again', limit: 100_000, windowMs: 900_000 },
    used: 98_765,
    refusal: '98,765 of at most 100,000',
    retryAfterMs: 5_000_000,
  }
  await open({ events: 50, limits: [...limits, long] }, 360)
  await userEvent.click(page.getByRole('tab', { name: 'Counters', exact: true }))
  await expect.element(page.getByRole('region', { name: 'Limits' })).toBeVisible()
  const cells = [...panel().querySelectorAll<HTMLElement>('.limits th, .limits td')]
  expect(cells).toHaveLength(24)
  const cut = cells.filter((cell) => {
    const { left, right } = cell.getBoundingClientRect()
    return left < 0 || right > 360 || cell.scrollWidth > cell.clientWidth
  })
  expect(cut.map(({ textContent }) => textContent)).toEqual([])
})

test.each([
  [360, 200],
  [1200, 200],
  [360, 270],
])('an import is confirmed in %i × %i pixels: the field and the buttons stay in sight', async (width, height) => {
  await open({ events: 50 }, width, {}, undefined, height)
  await chooseToImport(new File(['{}'], 'yesterday.json'))
  const field = page.getByRole('textbox', { name: 'Type shop to confirm' })
  const answers = [field, page.getByRole('button', { name: 'Cancel' }), page.getByRole('button', { name: /^Import$/ })]
  const dialog = page.getByRole('dialog').element()
  await expect.element(page.getByText('50 events in 5 topics')).toBeInTheDocument()
  for (const scrolled of [0, 10_000]) {
    dialog.scrollTop = scrolled
    await settle()
    expect(answers.map((answer) => isWholeInSight(answer.element()))).toEqual([true, true, true])
  }
  const { width: fieldWidth, height: fieldHeight } = field.element().getBoundingClientRect()
  expect(fieldHeight).toBeGreaterThanOrEqual(26)
  expect(fieldWidth).toBeGreaterThanOrEqual(120)
  // What is confirmed can be read, all of it.
  const exportFirst = page.getByRole('button', { name: 'Export first' })
  exportFirst.element().focus()
  await settle()
  expect(isWholeInSight(exportFirst.element())).toBe(true)
})
