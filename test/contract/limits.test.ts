import { describe, expect, test } from 'vitest'
import type { CounterOptions, Limiter, Store, StoreError } from '../../src/index.js'
import { openAnotherTab } from '../kit/another-tab.js'
import { describeEachGround } from '../kit/grounds.js'
import { DAY, HOUR, MINUTE } from '../kit/durations.js'
import { asyncDispose } from '../../src/core/dispose.js'
import { manualClock, type ManualClock } from '../../src/testing.js'

const invalid = (field: string) =>
  expect.objectContaining({ code: 'invalid-argument', fault: expect.objectContaining({ field }) })
const refusedBy = (constraint: string, id: string | null, checked: string) =>
  expect.objectContaining({ code: 'limit-exceeded', fault: expect.objectContaining({ constraint, id, checked }) })

async function retryAfterMs(refused: Promise<unknown>): Promise<unknown> {
  try {
    await refused
  } catch (error) {
    return (error as StoreError).fault['retryAfterMs']
  }
  throw new Error('It was not refused')
}

describeEachGround((ground) => {
  const total = (store: Store, id: string): Promise<number | null> => store.counters.query(id).ever().sum()

  test('below the limit ok, at it refused, and what is refused is not counted', async () => {
    const store = await ground.open()
    store.counters.record('login', { count: 5 })
    const limit = store.counters.limit().atMost('login', 10, 'hour')
    await limit.check('login')
    for (let n = 0; n < 4; n++) await limit.checkAndRecord('login')
    expect(await limit.allowed('login')).toBe(true)
    await limit.checkAndRecord('login')
    expect(await limit.allowed('login')).toBe(false)
    await expect(limit.checkAndRecord('login')).rejects.toEqual(refusedBy('atMost', 'login', 'login'))
    await expect(limit.check('login')).rejects.toEqual(refusedBy('atMost', 'login', 'login'))
    expect(await total(store, 'login')).toBe(10)
  })

  test('check and allowed never record', async () => {
    const store = await ground.open()
    const limit = store.counters.limit().atMost('x', 1, 'hour')
    for (let n = 0; n < 5; n++) {
      await limit.check('x')
      expect(await limit.allowed('x')).toBe(true)
    }
    expect(await total(store, 'x')).toBeNull()
  })

  test('of 50 at once under a limit of 10, from two handles, exactly 10 succeed', async () => {
    const [a, b] = [await ground.open(), await ground.reopen()]
    const limits = [a, b].map((store) => store.counters.limit().atMost('x', 10, 'hour'))
    const all = await Promise.allSettled(Array.from({ length: 50 }, (_, n) => limits[n % 2]!.checkAndRecord('x')))
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(10)
    expect(await total(a, 'x')).toBe(10)
  })

  test('what was recorded before by this tab counts, events too', async () => {
    const store = await ground.open()
    const limit = store.counters.limit().atMost('x', 3, 'hour').atMost('t/e', 2, 'hour')
    store.counters.record('x', { count: 2 })
    store.topic('t').record('e')
    await limit.checkAndRecord('x')
    await expect(limit.checkAndRecord('x')).rejects.toEqual(refusedBy('atMost', 'x', 'x'))
    store.topic('t').record('e')
    await expect(limit.check('y')).rejects.toEqual(refusedBy('atMost', 'x', 'y'))
    await expect(store.counters.limit().atMost('t/e', 2, 'hour').check('y')).rejects.toEqual(
      refusedBy('atMost', 't/e', 'y'),
    )
  })

  test('at least: needs 10, not 5', async () => {
    const store = await ground.open()
    const limit = store.counters.limit().atLeast('view', 10, 'day')
    store.counters.record('view', { count: 5 })
    await expect(limit.check('offer')).rejects.toEqual(refusedBy('atLeast', 'view', 'offer'))
    expect(await retryAfterMs(limit.check('offer'))).toBeUndefined()
    store.counters.record('view', { count: 5 })
    await limit.checkAndRecord('offer')
    expect(await total(store, 'offer')).toBe(1)
  })

  test('all constraints must hold: the first that does not refuses', async () => {
    const store = await ground.open()
    const base = store.counters.limit().atMost('a', 5, 'hour')
    const both = base.cooldown('a', 'hour')
    await both.checkAndRecord('a')
    await expect(both.check('a')).rejects.toEqual(refusedBy('cooldown', 'a', 'a'))
    // The chain it was made from is what it was.
    await base.check('a')
    await expect(base.within('never', 'hour').check('a')).rejects.toEqual(refusedBy('within', 'never', 'a'))
    store.counters.record('a', { count: 4 })
    await expect(both.check('a')).rejects.toEqual(refusedBy('atMost', 'a', 'a'))
    await store.counters.limit().check('anything')
  })

  test('usage: of the tightest atMost on the id', async () => {
    const store = await ground.open()
    const limit = store.counters.limit().atMost('x', 100, 'day').atMost('x', 10, 'hour').atMost('other', 1, 'hour')
    store.counters.record('x', { count: 3 })
    expect(await limit.usage('x')).toEqual({ count: 3, limit: 10, remaining: 7 })
    store.counters.record('x', { count: 7 })
    expect(await limit.usage('x')).toEqual({ count: 10, limit: 10, remaining: 0 })
    expect(await limit.usage('other')).toEqual({ count: 0, limit: 1, remaining: 1 })
    await expect(limit.usage('none')).rejects.toEqual(invalid('id'))
  })

  describe('reservations', () => {
    test('a held slot counts until it is cancelled or committed', async () => {
      const store = await ground.open()
      const limit = store.counters.limit().atMost('x', 2, 'hour')
      const [a, b] = [await limit.reserve('x'), await limit.reserve('x')]
      expect(await limit.usage('x')).toEqual({ count: 2, limit: 2, remaining: 0 })
      await expect(limit.reserve('x')).rejects.toEqual(refusedBy('atMost', 'x', 'x'))
      await expect(limit.checkAndRecord('x')).rejects.toEqual(refusedBy('atMost', 'x', 'x'))
      expect(await total(store, 'x')).toBeNull()
      await a.cancel()
      await limit.checkAndRecord('x')
      await b.commit()
      expect(await total(store, 'x')).toBe(2)
      expect(await limit.allowed('x')).toBe(false)
    })

    test('what is done to one twice is done once', async () => {
      const store = await ground.open()
      const limit = store.counters.limit().atMost('x', 2, 'hour')
      const committed = await limit.reserve('x')
      await Promise.all([committed.commit(), committed.commit(), committed.cancel()])
      await committed[asyncDispose]()
      expect(await total(store, 'x')).toBe(1)
      const cancelled = await limit.reserve('x')
      await cancelled[asyncDispose]()
      await cancelled.cancel()
      expect(await limit.usage('x')).toMatchObject({ count: 1 })
    })

    test('of 20 at once under a limit of 4, exactly 4 are held', async () => {
      const store = await ground.open()
      const limit = store.counters.limit().atMost('x', 4, 'hour')
      const all = await Promise.allSettled(Array.from({ length: 20 }, () => limit.reserve('x')))
      expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(4)
    })

    test('closing the handle lets go of its slots', async () => {
      const [a, b] = [await ground.open(), await ground.reopen()]
      await a.counters.limit().atMost('x', 1, 'hour').reserve('x')
      const limit = b.counters.limit().atMost('x', 1, 'hour')
      expect(await limit.allowed('x')).toBe(false)
      await a.close()
      expect(await limit.allowed('x')).toBe(true)
    })

    test('a held slot is a recent one for a cooldown', async () => {
      const store = await ground.open()
      const limit = store.counters.limit().cooldown('x', 'hour')
      const slot = await limit.reserve('x')
      await expect(limit.check('x')).rejects.toEqual(refusedBy('cooldown', 'x', 'x'))
      await slot.cancel()
      await limit.check('x')
    })
  })

  describe('bad input', () => {
    test.each<[string, (limit: Limiter) => unknown]>([
      ['id', (limit) => limit.atMost('', 1, 'hour')],
      ['limit', (limit) => limit.atMost('x', -1, 'hour')],
      ['limit', (limit) => limit.atMost('x', 1.5, 'hour')],
      ['window', (limit) => limit.atMost('x', 1, { hours: 0 })],
      ['window', (limit) => limit.atMost('x', 1, 'fortnight' as never)],
      ['count', (limit) => limit.atLeast('x', NaN, 'hour')],
      ['duration', (limit) => limit.cooldown('x', [0, 'hour'])],
      ['duration', (limit) => limit.within('x', {})],
      ['schedule', (limit) => limit.during({} as never)],
      ['hours', (limit) => limit.outsideOf({ hours: [9, 9] })],
      ['timeZone', (limit) => limit.during({ weekdays: true, timeZone: 'Mars' })],
    ])('a wrong %s is refused by the builder', async (field, build) => {
      const store = await ground.open()
      expect(() => build(store.counters.limit())).toThrow(invalid(field))
    })

    test('of terminals', async () => {
      const { counters } = await ground.open({ counters: { track: { hour: 2 } } })
      const limit = counters.limit().atMost('x', 1, 'day')
      for (const ask of ['check', 'checkAndRecord', 'usage', 'allowed'] as const) {
        await expect(limit[ask]('x')).rejects.toEqual(invalid('window'))
      }
      const whole = counters.limit().atMost('x', 1, 'hour')
      await expect(whole.check('')).rejects.toEqual(invalid('id'))
      for (const ttlMs of [0, -1, 1.5, NaN])
        await expect(whole.reserve('x', { ttlMs })).rejects.toEqual(invalid('ttlMs'))
      expect(await counters.ids()).toEqual([])
    })
  })

  // Only a writer in this page keeps the test's time.
  describe.skipIf(!ground.name.endsWith('inline'))('as time goes on', () => {
    const openAt = async (
      time: string,
      options: CounterOptions = {},
    ): Promise<{ store: Store; clock: ManualClock }> => {
      const clock = manualClock(time)
      return { clock, store: await ground.open({ clock, counters: { timeZone: 'Europe/Berlin', ...options } }) }
    }

    test('cooldown refuses at once, tells when, and allows after', async () => {
      const { store, clock } = await openAt('2026-11-18T12:00:30Z')
      const limit = store.counters.limit().cooldown('x', { minutes: 10 })
      await limit.checkAndRecord('x')
      clock.advance(4 * MINUTE)
      expect(await retryAfterMs(limit.check('x'))).toBe(6 * MINUTE)
      clock.advance(6 * MINUTE - 1)
      expect(await limit.allowed('x')).toBe(false)
      clock.advance(1)
      expect(await limit.allowed('x')).toBe(true)
    })

    test('within ok, then refused after two hours', async () => {
      const { store, clock } = await openAt('2026-11-18T12:00Z')
      const limit = store.counters.limit().within('login', 'hour')
      store.counters.record('login')
      await limit.checkAndRecord('pay')
      clock.advance(2 * HOUR)
      await expect(limit.checkAndRecord('pay')).rejects.toEqual(refusedBy('within', 'login', 'pay'))
    })

    test('never twice the limit at an hour’s turn, and the window is over by one bucket at most', async () => {
      const { store, clock } = await openAt('2026-11-18T12:59:59Z')
      const limit = store.counters.limit().atMost('x', 5, 'hour')
      for (let n = 0; n < 5; n++) await limit.checkAndRecord('x')
      clock.advance(2_000)
      await expect(limit.checkAndRecord('x')).rejects.toEqual(refusedBy('atMost', 'x', 'x'))
      const wait = (await retryAfterMs(limit.check('x'))) as number
      expect(wait).toBeGreaterThan(HOUR - 2_000)
      expect(wait).toBeLessThanOrEqual(HOUR + MINUTE)
      clock.advance(wait - 1)
      expect(await limit.allowed('x')).toBe(false)
      clock.advance(1)
      expect(await limit.allowed('x')).toBe(true)
    })

    test('where nothing finer is tracked the window is the current bucket', async () => {
      const { store, clock } = await openAt('2026-11-18T12:59:59Z', { track: { hour: 5 } })
      const limit = store.counters.limit().atMost('x', 1, 'hour')
      await limit.checkAndRecord('x')
      expect(await retryAfterMs(limit.check('x'))).toBe(1_000)
      clock.advance(1_000)
      expect(await limit.allowed('x')).toBe(true)
      // Five hours are served, six are not.
      await store.counters.limit().atMost('x', 9, [5, 'hour']).check('x')
      await expect(store.counters.limit().atMost('x', 9, [6, 'hour']).check('x')).rejects.toEqual(invalid('window'))
    })

    test('a limit that may be asked again tells exactly when, whatever was counted when', async () => {
      const { store, clock } = await openAt('2026-11-18T12:00Z')
      const limit = store.counters.limit().atMost('x', 3, { minutes: 10 })
      for (const pause of [0, 3, 4, 1]) {
        clock.advance(pause * MINUTE)
        if (await limit.allowed('x')) await limit.checkAndRecord('x')
      }
      for (let n = 0; n < 5; n++) {
        clock.advance((await retryAfterMs(limit.check('x'))) as number)
        await limit.checkAndRecord('x')
      }
      expect(await store.counters.query('x').ever().sum()).toBe(8)
    })

    test('a limit of 0 never passes and tells no time', async () => {
      const { store } = await openAt('2026-11-18T12:00Z')
      expect(await retryAfterMs(store.counters.limit().atMost('x', 0, 'hour').check('x'))).toBeUndefined()
    })

    test('Monday 10:00 is within hours, 20:00 is not, in any zone', async () => {
      const { store, clock } = await openAt('2026-11-16T09:00Z')
      const open = store.counters.limit().during({ hours: [9, 17] })
      const weekdays = store.counters.limit().during({ weekdays: true })
      await open.check('x')
      await weekdays.check('x')
      await expect(
        store.counters
          .limit()
          .outsideOf({ hours: [9, 17] })
          .check('x'),
      ).rejects.toEqual(refusedBy('outsideOf', null, 'x'))
      clock.advance(10 * HOUR)
      await expect(open.checkAndRecord('x')).rejects.toEqual(refusedBy('during', null, 'x'))
      expect(await retryAfterMs(open.check('x'))).toBe(13 * HOUR)
      await store.counters
        .limit()
        .during({ hours: [9, 17], timeZone: 'America/New_York' })
        .check('x')
      await store.counters
        .limit()
        .outsideOf({ hours: [9, 17] })
        .check('x')
      clock.advance(5 * DAY)
      expect(await weekdays.allowed('x')).toBe(false)
      expect(
        await store.counters
          .limit()
          .during({ days: [6] })
          .allowed('x'),
      ).toBe(true)
    })

    test('a slot is let go when its time is over, and can then not be committed', async () => {
      const { store, clock } = await openAt('2026-11-18T12:00Z')
      const limit = store.counters.limit().atMost('x', 1, 'hour')
      const slot = await limit.reserve('x')
      expect(await retryAfterMs(limit.check('x'))).toBe(30_000)
      clock.advance(29_999)
      expect(await limit.allowed('x')).toBe(false)
      clock.advance(1)
      await limit.checkAndRecord('x')
      await expect(slot.commit()).rejects.toMatchObject({ code: 'not-found' })
      expect(await store.counters.query('x').ever().sum()).toBe(1)
      const long = await store.counters.limit().reserve('y', { ttlMs: DAY })
      clock.advance(DAY - 1)
      await long.commit()
      expect(await store.counters.query('y').ever().sum()).toBe(1)
    })

    test('a clock that goes back passes no limit again', async () => {
      const { store, clock } = await openAt('2026-11-18T12:30Z')
      const limit = store.counters.limit().atMost('x', 1, 'hour')
      await limit.checkAndRecord('x')
      clock.advance(-5 * HOUR)
      expect(await limit.allowed('x')).toBe(false)
      expect(await store.counters.limit().cooldown('x', 'minute').allowed('x')).toBe(false)
    })
  })

  test.skipIf(!ground.durable)('of 30 at once from two tabs under a limit of 7, exactly 7 succeed', async () => {
    const here = await ground.open({ host: 'inline' })
    const tab = await openAnotherTab()
    const there = await tab.library.openStore(here.name, { host: 'inline' })
    const limits = [here, there].map((store) => store.counters.limit().atMost('x', 7, 'hour'))
    const all = await Promise.allSettled(Array.from({ length: 30 }, (_, n) => limits[n % 2]!.checkAndRecord('x')))
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(7)
    expect(await there.counters.query('x').ever().sum()).toBe(7)
    expect(await here.counters.query('x').ever().sum()).toBe(7)
    await there.close()
    tab.close()
  })
})
