import { describe, expect, test } from 'vitest'
import type { Schedule, TimeWindow } from '../../src/index.js'
import { assertSchedule } from '../../src/fold/counter/check.js'
import { assertCounterOptions } from '../../src/fold/counter/check-options.js'
import { isDuring, nextChange } from '../../src/fold/counter/schedule.js'
import { windowMs } from '../../src/fold/counter/time-window.js'
import { DAY, HOUR, MINUTE } from '../kit/durations.js'

const invalid = (field: string) =>
  expect.objectContaining({ code: 'invalid-argument', fault: expect.objectContaining({ field }) })

describe('time windows', () => {
  test.each<[TimeWindow, number]>([
    ['hour', HOUR],
    [[1, 'hour'], HOUR],
    [{ hours: 1 }, HOUR],
    [{ minutes: 1, seconds: 30 }, 1.5 * MINUTE],
    [{ days: 0, weeks: 2 }, 14 * DAY],
    ['month', 30 * DAY],
    [[2, 'year'], 730 * DAY],
  ])('%j is %d ms', (window, ms) => expect(windowMs('window', window)).toBe(ms))

  test.each([
    'fortnight',
    '',
    'toString',
    [0, 'hour'],
    [-1, 'hour'],
    [NaN, 'hour'],
    [1, 'hours'],
    [1],
    [1, 'hour', 2],
    {},
    { hours: 0 },
    { hours: -1 },
    { hours: '1' },
    { hour: 1 },
    { hours: Infinity },
    5,
    null,
    undefined,
  ])('%j is refused', (window) => expect(() => windowMs('window', window)).toThrow(invalid('window')))

  test('nothing at all is a time ago', () => expect(windowMs('ago', { hours: 0 }, 0)).toBe(0))
})

describe('counter options', () => {
  test.each([
    ['counters', null],
    ['counters', 5],
    ['counters', { tracks: {} }],
    ['track', { track: {} }],
    ['track', { track: { fortnight: 2 } }],
    ['track', { track: 5 }],
    ['track.hour', { track: { hour: 0 } }],
    ['track.hour', { track: { hour: -1 } }],
    ['track.hour', { track: { hour: 1.5 } }],
    ['track.hour', { track: { hour: 1e9 } }],
    ['track.hour', { preset: 'rate-limiting', track: { hour: 5 } }],
    ['preset', { preset: 'all' }],
    ['preset', { preset: 'toString' }],
    ['calendar', { calendar: 'lunar' }],
    ['timeZone', { timeZone: 'Mars/Olympus' }],
    ['timeZone', { timeZone: 5 }],
    ['countEvents', { countEvents: 1 }],
    ['maxIds', { maxIds: 0 }],
    ['maxIds', { maxIds: 1.5 }],
  ])('a wrong %s is named: %j', (field, options) => {
    expect(() => assertCounterOptions(options)).toThrow(invalid(field))
  })

  test('presets take other units beside them', () => {
    expect(() => assertCounterOptions({ preset: 'rate-limiting', track: { second: 30 } })).not.toThrow()
  })
})

describe('schedules', () => {
  const monday = (time: string): number => Date.parse(`2026-11-16T${time}Z`)

  test('hours are half-open, in their own zone or the store’s', () => {
    const schedule: Schedule = { hours: [9, 17] }
    expect(['08:59', '09:00', '16:59', '17:00'].map((time) => isDuring(schedule, 'UTC', monday(time)))).toEqual([
      false,
      true,
      true,
      false,
    ])
    expect(isDuring(schedule, 'America/New_York', monday('10:00'))).toBe(false)
    expect(isDuring({ ...schedule, timeZone: 'Europe/Berlin' }, 'America/New_York', monday('08:00'))).toBe(true)
    expect(isDuring({ hours: [0, 24] }, 'Asia/Kathmandu', monday('23:00'))).toBe(true)
  })

  test('days are ISO days', () => {
    const on = (schedule: Schedule) =>
      Array.from({ length: 7 }, (_, n) => isDuring(schedule, 'UTC', monday('12:00') + n * DAY))
    expect(on({ weekdays: true })).toEqual([true, true, true, true, true, false, false])
    expect(on({ weekends: true })).toEqual([false, false, false, false, false, true, true])
    expect(on({ days: [1, 7] })).toEqual([true, false, false, false, false, false, true])
    expect(isDuring({ weekends: true, timeZone: 'Asia/Kathmandu' }, 'UTC', monday('12:00') + 4.5 * DAY)).toBe(true)
  })

  test('the next change is told to the millisecond, also where clocks change', () => {
    expect(nextChange({ hours: [9, 17] }, 'UTC', monday('20:00'))).toBe(monday('09:00') + DAY)
    expect(nextChange({ hours: [9, 17] }, 'UTC', monday('10:00'))).toBe(monday('17:00'))
    expect(nextChange({ weekends: true }, 'UTC', monday('10:00'))).toBe(monday('00:00') + 5 * DAY)
    expect(nextChange({ hours: [0, 24] }, 'UTC', monday('10:00'))).toBeNull()
    // 03:00 in summer time: 02:00 to 03:00 is skipped.
    const before = Date.parse('2026-03-29T00:30Z')
    expect(nextChange({ hours: [2, 5] }, 'Europe/Berlin', before)).toBe(Date.parse('2026-03-29T01:00Z'))
  })

  test.each([
    ['schedule', {}],
    ['schedule', null],
    ['schedule', { hours: [1, 2], weekdays: true }],
    ['schedule', { nights: true }],
    ['hours', { hours: [9] }],
    ['hours', { hours: [9, 9] }],
    ['hours', { hours: [17, 9] }],
    ['hours', { hours: [-1, 5] }],
    ['hours', { hours: [1, 25] }],
    ['hours', { hours: [1.5, 3] }],
    ['hours', { hours: '9-17' }],
    ['days', { days: [] }],
    ['days', { days: [0] }],
    ['days', { days: [8] }],
    ['days', { days: [1.5] }],
    ['days', { days: 1 }],
    ['weekdays', { weekdays: false }],
    ['timeZone', { weekdays: true, timeZone: 'Mars' }],
  ])('a wrong %s is named: %j', (field, schedule) => {
    expect(() => assertSchedule(schedule)).toThrow(invalid(field))
  })
})
