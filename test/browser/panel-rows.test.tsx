/** What a row costs is mostly the elements it is drawn with. */
import { expect, test, vi } from 'vitest'
import { log, open, row, settle } from '../kit/open-panel.js'

async function scrollTo(rank: number): Promise<void> {
  log.element().scrollTop = 22 * rank
  await vi.waitFor(() => expect(row(rank)?.textContent).toContain(String(rank)))
  await settle()
}

test('rows that come into sight are drawn with the elements of those that went, and after a jump none is moved', async () => {
  await open({ events: 100_000 })
  await scrollTo(50_000)
  const parent = row(50_000)!.parentElement!
  const elements = new Set(parent.children)
  const stays = row(50_003)
  await scrollTo(50_002)
  expect(row(50_003)).toBe(stays)
  expect(new Set(parent.children)).toEqual(elements)
  const order = [...parent.children]
  for (const rank of [70_001, 20_000, 33_333]) {
    await scrollTo(rank)
    expect([...parent.children].map((element) => order.indexOf(element))).toEqual(order.map((_, at) => at))
  }
})

test('the rows stand one below the other, the first where the log was scrolled to', async () => {
  await open({ events: 1000 })
  await scrollTo(500)
  log.element().scrollTop += 7
  await settle()
  const { top } = log.element().getBoundingClientRect()
  const tops = [500, 501, 510].map((rank) => row(rank)!.getBoundingClientRect().top - top)
  expect(tops).toEqual([-7, 15, 213])
})
