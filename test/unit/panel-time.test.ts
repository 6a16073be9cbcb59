import fc from 'fast-check'
import { expect, test } from 'vitest'
import { barEdges, paintLanes } from '../../panel/draw/histogram.js'
import { formatDelta, formatShort, formatSpan } from '../../panel/model/format.js'
import { timeTicks } from '../../panel/model/time-ticks.js'
import { timeView } from '../../panel/model/time-view.js'

const at = (hour: number, minute: number, second = 0, ms = 0): number =>
  new Date(2026, 10, 20, hour, minute, second, ms).getTime()

test('the view holds its first and its last event, in no more buckets than there is room for', () => {
  const time = fc.double({ min: 0, max: 2e12, noNaN: true })
  fc.assert(
    fc.property(
      time,
      fc.double({ min: 0, max: 1e11, noNaN: true }),
      fc.integer({ min: 8, max: 2000 }),
      (first, span, room) => {
        const view = timeView(first, first + span, room)
        expect(view.since).toBeLessThanOrEqual(first)
        expect(view.until).toBeGreaterThan(first + span)
        expect(view.buckets).toBeLessThanOrEqual(room)
        expect(view.since + view.buckets * view.bucketMs).toBe(view.until)
      },
    ),
  )
})

test('as the log grows, buckets keep their edges until the resolution halves', () => {
  const before = timeView(1000, 61_000, 200)
  const after = timeView(1000, 62_000, 200)
  expect([after.bucketMs, after.since]).toEqual([before.bucketMs, before.since])
})

test('ticks stand on round local times', () => {
  expect(timeTicks(at(10, 0, 3), at(10, 59), 7).map(({ label }) => label)).toEqual([
    '10:10',
    '10:20',
    '10:30',
    '10:40',
    '10:50',
  ])
  expect(timeTicks(at(10, 0, 3), at(10, 0, 8), 5).map(({ label }) => label)).toEqual([
    ...['10:00:03', '10:00:04', '10:00:05', '10:00:06', '10:00:07'],
  ])
  expect(timeTicks(at(22, 0), at(22, 0) + 6 * 3_600_000, 4).map(({ label }) => label)).toEqual([
    '22:00',
    '21 Nov',
    '02:00',
  ])
})

test('there are never more ticks than asked for, and all lie in the view', () => {
  const span = fc.double({ min: 1, max: 1e12, noNaN: true })
  fc.assert(
    fc.property(
      fc.double({ min: 1e11, max: 2e12, noNaN: true }),
      span,
      fc.integer({ min: 1, max: 20 }),
      (since, length, most) => {
        const ticks = timeTicks(since, since + length, most)
        expect(ticks.length).toBeLessThanOrEqual(most)
        for (const { time } of ticks) expect(time >= since && time < since + length).toBe(true)
      },
    ),
  )
})

test('differences are short at every size', () => {
  const differences = [0, 0.4, 2, 12.34, 1250, 185_000, 7_500_000, 4 * 86_400_000, -3]
  expect(differences.map(formatDelta)).toEqual([
    '+0',
    '+0.4ms',
    '+2ms',
    '+12ms',
    '+1.25s',
    '+3m05s',
    '+2h05m',
    '+4d',
    '−3ms',
  ])
})

test('counts are shortened past ten thousand', () => {
  expect([812, 9999, 18_400, 999_999, 1_000_000, 124_000_000].map(formatShort)).toEqual([
    '812',
    '9,999',
    '18k',
    '1.0M',
    '1.0M',
    '124M',
  ])
})

test('a span names the date only where it needs to', () => {
  expect(formatSpan(at(10, 0), at(11, 40))).toBe('10:00:00 – 11:40:00')
  expect(formatSpan(at(10, 0), at(10, 0, 1, 5))).toBe('10:00:00.000 – 10:00:01.005')
  expect(formatSpan(at(23, 0), at(25, 0))).toBe('2026-11-20 23:00:00 – 2026-11-21 01:00:00')
})

/** A picture of what was painted, a column per pixel. */
function picture(counts: number[], width: number, height: number): string {
  const data = new Uint8ClampedArray(width * height * 4)
  const lane = { counts, max: Math.max(...counts), color: [1, 2, 3] as const, top: 0, height }
  paintLanes({ data, width, height, colorSpace: 'srgb' } as ImageData, [lane], 1)
  const rows = Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_column, x) => (data[(y * width + x) * 4 + 3] === 255 ? '█' : '·')).join(''),
  )
  return rows.join('\n')
}

test('bars stand on the ground, a gap apart where there is room, and a single event is seen', () => {
  expect(picture([1, 0, 100, 50], 12, 4)).toBe(
    ['······██····', '······██····', '██····██·██·', '██····██·██·'].join('\n'),
  )
})

test('bars never overlap and fill the width', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 3 }), (buckets, ratio) => {
      const width = 500 * ratio
      for (let bucket = 1; bucket < buckets; bucket++) {
        expect(barEdges(bucket - 1, buckets, width, ratio).to).toBeLessThanOrEqual(
          barEdges(bucket, buckets, width, ratio).from,
        )
      }
      expect(barEdges(buckets - 1, buckets, width, ratio).to).toBeLessThanOrEqual(width)
    }),
  )
})
