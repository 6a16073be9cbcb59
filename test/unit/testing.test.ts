import { expect, test } from 'vitest'
import { draftsOf, manualClock, openTestStore } from '../../src/testing.js'
import { DAY } from '../kit/durations.js'

test('a test store is empty, in memory, and no other one', async () => {
  const one = await openTestStore()
  await one.topic('cart').append({ type: 'paid' })
  const other = await openTestStore()
  expect(await draftsOf(other)).toEqual([])
  expect(await other.health()).toMatchObject({ host: 'inline', durability: 'memory', state: 'ok' })
  await Promise.all([one.close(), other.close()])
})

test('time passes when the manual clock says so', async () => {
  const clock = manualClock('2026-11-20T12:00Z')
  const store = await openTestStore({ clock, counters: { timeZone: 'UTC' } })
  store.topic('cart').record('paid')
  expect((await store.topic('cart').latest())?.time).toBe(Date.parse('2026-11-20T12:00Z'))
  const paid = store.counters.query('cart/paid').lastDays(1)
  expect(await paid.sum()).toBe(1)
  clock.advance(DAY)
  expect(await paid.sum()).toBe(0)
  clock.time = Date.parse('2026-11-20T12:00Z')
  expect(await paid.sum()).toBe(1)
  await store.close()
})

test('what was recorded is told without what differs from run to run', async () => {
  const store = await openTestStore()
  store.topic('cart').record('added', { sku: 'TEA-104' }, { id: 'a-1', weight: 2, meta: { traceId: 't' } })
  store.topic('user').record('signed-out')
  expect(await draftsOf(store)).toEqual([
    { topic: 'cart', type: 'added', data: { sku: 'TEA-104' }, id: 'a-1', weight: 2, meta: { traceId: 't' } },
    { topic: 'user', type: 'signed-out' },
  ])
  expect(await draftsOf(store, { topics: ['user'] })).toEqual([{ topic: 'user', type: 'signed-out' }])
  expect(await draftsOf(store, { types: ['added'] })).toHaveLength(1)
  await store.close()
})

test.each([
  ['a time', () => manualClock('soon')],
  ['a duration', () => manualClock(0).advance(NaN)],
])('%s that is none is refused', (_, call) => {
  expect(call).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
})
