import { expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { filter, log, open, row, rowCount } from '../kit/open-panel.js'

const option = (name: string) => page.getByRole('option', { name })
const onlyTopic = (name: string): Promise<void> =>
  vi.waitFor(() => {
    const topics = [...log.element().querySelectorAll('.cell-topic')].map(({ textContent }) => textContent)
    expect(new Set(topics)).toEqual(new Set([name]))
  })

test('names are completed in the filter, by keyboard', async () => {
  await open({ events: 400 })
  await userEvent.click(filter)
  await userEvent.keyboard('topic:pay')
  await expect.element(option('topic:payments')).toBeVisible()
  await userEvent.keyboard('{ArrowDown}{Enter}')
  await expect.element(filter).toHaveValue('topic:payments ')
  await onlyTopic('payments')
})

test('the paths in the data of events that are loaded are completed, by keyboard', async () => {
  const { source } = await open({ events: 400 })
  source.record({ topic: 'cart', type: 'odd', data: { 'a key': { deep: [{ sku: 'A' }] } } })
  await rowCount(401)
  await vi.waitFor(() => expect(row(400)).toHaveTextContent('a key'))
  await userEvent.click(filter)
  await userEvent.keyboard('data.am')
  await expect.element(option('data.amount')).toBeVisible()
  await userEvent.keyboard('{ArrowDown}{Enter}>100 data.a')
  await expect.element(filter).toHaveValue('data.amount>100 data.a')
  await expect.element(option('data["a key"].deep[0].sku')).toBeVisible()
  await userEvent.keyboard('{ArrowUp}{Tab}')
  await expect.element(filter).toHaveValue('data.amount>100 data["a key"].deep[0].sku')
})

test('the paths of events that the filter has put out of sight are still offered', async () => {
  await open({ events: 400 })
  await userEvent.click(filter)
  await userEvent.keyboard('data.cur')
  await expect.element(option('data.currency')).toBeVisible()
  await userEvent.fill(filter, 'topic:inventory ')
  await onlyTopic('inventory')
  await userEvent.keyboard('data.cur')
  await expect.element(option('data.currency')).toBeVisible()
})

test('the paths of the events that were there before what is typed left none are offered', async () => {
  await open({ events: 400 })
  await rowCount(400)
  await userEvent.click(filter)
  await userEvent.keyboard('dat')
  await expect.element(page.getByText('Nothing matches this filter')).toBeVisible()
  await userEvent.keyboard('a.am')
  await expect.element(option('data.amount')).toBeVisible()
})
