import fc from 'fast-check'
import { expect, test } from 'vitest'
import { paintTile } from '../../panel/draw/lanes.js'
import { draggedTo, gripAt } from '../../panel/model/brush-grip.js'
import { lanesInOrder } from '../../panel/model/lane-order.js'
import { stepPath } from '../../panel/model/step-path.js'
import { fit, pan, spanOf, tileFor, within, zoom } from '../../panel/model/viewport.js'

const whole = fit(1_000_000, 2_000_000)
const part = fc
  .record({ at: fc.double({ min: 0, max: 1, noNaN: true }), span: fc.double({ min: 1e-4, max: 1, noNaN: true }) })
  .map(({ at, span }) => {
    const since = whole.since + at * spanOf(whole)
    return within({ since, until: since + span * spanOf(whole) }, whole)
  })

test('wherever one zooms and pans, the viewport stays within what there is', () => {
  const step = fc.oneof(
    fc.record({
      factor: fc.double({ min: 0.01, max: 100, noNaN: true }),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    fc.double({ min: -20, max: 20, noNaN: true }),
  )
  fc.assert(
    fc.property(part, fc.array(step), (start, steps) => {
      let view = start
      for (const own of steps)
        view = typeof own === 'number' ? pan(view, own, whole) : zoom(view, own.factor, own.at, whole)
      expect(view.since).toBeGreaterThanOrEqual(whole.since - 1e-6)
      expect(view.until).toBeLessThanOrEqual(whole.until + 1e-6)
      expect(spanOf(view)).toBeGreaterThan(0)
    }),
  )
})

test('the time under the pointer stays there while one zooms in', () => {
  fc.assert(
    fc.property(part, fc.double({ min: 0, max: 1, noNaN: true }), (view, at) => {
      const near = zoom(view, 0.5, at, whole)
      expect(near.since + at * spanOf(near)).toBeCloseTo(view.since + at * spanOf(view), 3)
    }),
  )
})

test('a tile holds three viewports in buckets of a power of two, two pixels wide or more', () => {
  fc.assert(
    fc.property(part, fc.integer({ min: 100, max: 3000 }), (view, width) => {
      const tile = tileFor(view, width)
      expect(Number.isInteger(Math.log2(tile.bucketMs))).toBe(true)
      expect(tile.since).toBeLessThanOrEqual(view.since - spanOf(view))
      expect(tile.until).toBeGreaterThanOrEqual(view.until + spanOf(view))
      expect(tile.bucketMs).toBeGreaterThanOrEqual((spanOf(view) * 2) / width)
      expect(tile.buckets).toBeLessThan(width * 2)
      expect(tile.since + tile.buckets * tile.bucketMs).toBeCloseTo(tile.until, 3)
    }),
  )
})

test('a small step asks for the same tile again', () => {
  const view = zoom(whole, 0.1, 0.5, whole)
  const since = Math.ceil(view.since / 65_536) * 65_536 + 10
  const here = { since, until: since + spanOf(view) }
  expect(tileFor({ since: since + 5, until: here.until + 5 }, 800)).toEqual(tileFor(here, 800))
})

test('the brush is moved by its middle and drawn out by its edges, and beside it there is no grip', () => {
  const brush = { since: 100, until: 200 }
  expect(draggedTo(160, gripAt(150, brush, 5)!)).toEqual({ since: 110, until: 210 })
  expect(draggedTo(40, gripAt(103, brush, 5)!)).toEqual({ since: 40, until: 200 })
  expect(draggedTo(50, gripAt(199, brush, 5)!)).toEqual({ since: 100, until: 101 })
  expect(gripAt(90, brush, 5)).toBeNull()
})

test('pinned lanes come first, hidden ones are told apart', () => {
  const lane = (key: string) => ({ key, counts: new Uint32Array(), total: 1 })
  const { drawn, hidden, left } = lanesInOrder(['a', 'b', 'c', 'd'].map(lane), ['c'], ['b'])
  expect(drawn.map(({ key }) => key)).toEqual(['c', 'a', 'd'])
  expect(hidden.map(({ key }) => key)).toEqual(['b'])
  expect(left).toBe(0)
})

test('a lane is painted where its times are, also from a tile of another viewport', () => {
  const image = { width: 8, height: 4, data: new Uint8ClampedArray(8 * 4 * 4) } as ImageData
  const counts = new Uint32Array([9, 0, 4, 0])
  const tile = { since: 0, until: 400, bucketMs: 100, buckets: 4 }
  paintTile(image, [{ counts, color: [1, 2, 3], top: 0, height: 4 }], tile, { since: 200, until: 400 }, 1)
  const lowest = Array.from(new Uint32Array(image.data.buffer).subarray(24), (word) => (word === 0 ? '·' : '█'))
  expect(lowest.join('')).toBe('████····')
})

test('a step is level until the next value, then straight', () => {
  const points = [10, 0, 5].map((value, at) => ({ time: at, value }))
  expect(stepPath(points, 20, 12)).toBe('M0 2H0V2H10V12H20V7H20')
  expect(stepPath([], 20, 12)).toBe('')
})
