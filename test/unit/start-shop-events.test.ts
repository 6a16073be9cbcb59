import { expect, test } from 'vitest'
import { shopEvents, type ShopEvent } from '../../panel/start/shop-events.js'

function take(seed: number, count: number): ShopEvent[] {
  const events = shopEvents(seed)
  return Array.from({ length: count }, () => events.next().value)
}

test('the same seed gives the same events, another seed others', () => {
  expect(take(7, 2000)).toEqual(take(7, 2000))
  expect(take(8, 50)).not.toEqual(take(7, 50))
})

test('types come in the proportions of a shop: many views, few payments, fewer returns', () => {
  const counts = new Map<string, number>()
  for (const { type } of take(1, 20_000)) counts.set(type, (counts.get(type) ?? 0) + 1)
  const share = (type: string) => (counts.get(type) ?? 0) / 20_000
  expect(share('product-viewed')).toBeCloseTo(0.46, 1)
  expect(share('paid')).toBeGreaterThan(share('payment-declined'))
  expect(share('payment-declined')).toBeGreaterThan(share('returned'))
  expect(counts.size).toBe(9)
})

test('what is shipped was paid before, once', () => {
  const paid = new Set<unknown>()
  const orphans = take(3, 20_000).filter(({ type, data }) => {
    if (type === 'paid') paid.add(data['order'])
    return type === 'shipped' && !paid.delete(data['order'])
  })
  expect(orphans).toEqual([])
})

test('events are small and plain', () => {
  for (const { data } of take(5, 1000)) expect(JSON.stringify(data).length).toBeLessThan(160)
})
