import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Unit } from '../../src/index.js'
import { localCalendar, uniformCalendar } from '../../src/fold/counter/calendar.js'
import { Zone } from '../../src/fold/counter/zone.js'
import { DAY, HOUR } from '../kit/durations.js'

const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'America/Santiago', 'UTC']
const units: Unit[] = ['second', 'minute', 'hour', 'day', 'week', 'month', 'year']

const instants = fc.integer({ min: Date.UTC(1995, 0), max: Date.UTC(2040, 0) })

function shown(zone: string, time: number): string {
  return new Date(time).toLocaleString('sv-SE', { timeZone: zone })
}

test.each(zones)(
  '%s: every instant lies in one bucket of each unit, and buckets follow each other without a gap',
  (zone) => {
    const calendar = localCalendar(zone)
    fc.assert(
      fc.property(instants, fc.constantFrom(...units), (time, unit) => {
        const { index, start, end } = calendar.spanAt(unit, time)
        expect(start).toBeLessThanOrEqual(time)
        expect(end).toBeGreaterThan(time)
        expect(calendar.startOf(unit, index)).toBe(start)
        expect(calendar.spanAt(unit, start)).toEqual({ index, start, end })
        expect(calendar.spanAt(unit, end).index).toBe(index + 1)
        expect(calendar.spanAt(unit, start - 1).index).toBe(index - 1)
      }),
      { numRuns: 400 },
    )
  },
)

test.each(zones)(
  '%s: days begin where its clocks show a new date, weeks on Mondays, months and years on the first',
  (zone) => {
    const calendar = localCalendar(zone)
    fc.assert(
      fc.property(instants, (time) => {
        const [date] = shown(zone, time).split(' ')
        const day = calendar.spanAt('day', time)
        expect(shown(zone, day.start).slice(0, 10)).toBe(date)
        expect(shown(zone, day.start - 1).slice(0, 10)).not.toBe(date)
        expect(shown(zone, day.end - 1).slice(0, 10)).toBe(date)
        const week = calendar.spanAt('week', time)
        expect(new Date(`${shown(zone, week.start).slice(0, 10)}T00:00Z`).getUTCDay()).toBe(1)
        expect(calendar.spanAt('day', week.end - 1).index - calendar.spanAt('day', week.start).index).toBe(6)
        expect(shown(zone, calendar.spanAt('month', time).start).slice(0, 10)).toBe(`${date!.slice(0, 7)}-01`)
        expect(shown(zone, calendar.spanAt('year', time).start).slice(0, 10)).toBe(`${date!.slice(0, 4)}-01-01`)
      }),
      { numRuns: 200 },
    )
  },
)

describe('days on which clocks change', () => {
  test.each([
    ['Europe/Berlin', '2026-03-29T12:00Z', 23],
    ['Europe/Berlin', '2026-10-25T12:00Z', 25],
    ['Europe/Berlin', '2026-10-26T12:00Z', 24],
    ['America/New_York', '2026-03-08T17:00Z', 23],
    ['America/New_York', '2026-11-01T17:00Z', 25],
    ['Australia/Lord_Howe', '2026-10-04T02:00Z', 23.5],
    ['Australia/Lord_Howe', '2026-04-05T02:00Z', 24.5],
    // Its clocks skip midnight itself.
    ['America/Santiago', '2026-09-06T15:00Z', 23],
    ['Asia/Kathmandu', '2026-03-29T12:00Z', 24],
  ])('in %s the day of %s has %d hours', (zone, at, hours) => {
    const { start, end } = localCalendar(zone).spanAt('day', Date.parse(at))
    expect((end - start) / HOUR).toBe(hours)
  })

  test('hours go on one by one through them', () => {
    const calendar = localCalendar('Europe/Berlin')
    const from = Date.parse('2026-10-24T22:00Z')
    const indices = Array.from({ length: 26 }, (_, n) => calendar.spanAt('hour', from + n * HOUR).index)
    expect(indices.map((index) => index - indices[0]!)).toEqual(indices.map((_, n) => n))
  })
})

test('hours of Kathmandu begin where its clocks show full ones', () => {
  const { start } = localCalendar('Asia/Kathmandu').spanAt('hour', Date.parse('2026-06-01T12:00Z'))
  expect(shown('Asia/Kathmandu', start)).toBe('2026-06-01 17:00:00')
})

test('a calendar that is uniform has fixed lengths from 1 January 1970 UTC on', () => {
  const calendar = uniformCalendar('Europe/Berlin')
  const time = Date.parse('2026-10-25T12:34:56Z')
  for (const [unit, length] of [
    ['day', DAY],
    ['week', 7 * DAY],
    ['month', 30 * DAY],
    ['year', 365 * DAY],
  ] as const) {
    const { index, start, end } = calendar.spanAt(unit, time)
    expect([index, start, end]).toEqual([Math.floor(time / length), index * length, (index + 1) * length])
  }
})

test('an instant is found by what clocks show, behind a gap and at the first of two', () => {
  const zone = new Zone('Europe/Berlin')
  const local = (text: string): number => Date.parse(`${text}Z`)
  expect(new Date(zone.instantOf(local('2026-03-29T02:30'))).toISOString()).toBe('2026-03-29T01:00:00.000Z')
  expect(new Date(zone.instantOf(local('2026-10-25T02:30'))).toISOString()).toBe('2026-10-25T00:30:00.000Z')
})
