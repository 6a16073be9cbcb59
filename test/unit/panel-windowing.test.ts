import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  lastTop,
  MAX_ELEMENT_PX,
  ranksInSight,
  reveal,
  ROW_HEIGHT,
  scrollToTop,
  spacerHeight,
  topToScroll,
  type LogExtent,
} from '../../panel/model/windowing.js'

const extents = fc.record({ rows: fc.integer({ min: 0, max: 20_000_000 }), height: fc.integer({ min: 50, max: 2000 }) })

test('a million rows scroll pixel by pixel; ten million are scaled into the tallest element there is', () => {
  expect(spacerHeight({ rows: 1_000_000, height: 600 })).toBe(1_000_000 * ROW_HEIGHT)
  expect(spacerHeight({ rows: 10_000_000, height: 600 })).toBe(MAX_ELEMENT_PX)
})

test('scrolled to its end, the last row is the last in sight, however many there are', () => {
  fc.assert(
    fc.property(extents, (extent) => {
      const scrollTop = Math.max(0, spacerHeight(extent) - extent.height)
      const { first, count } = ranksInSight(scrollToTop(scrollTop, extent), extent)
      expect(first + count).toBe(extent.rows)
    }),
  )
})

test('a place comes back from the scroll position it was turned into', () => {
  fc.assert(
    fc.property(extents, fc.double({ min: 0, max: 1, noNaN: true }), (extent, part) => {
      const top = part * lastTop(extent)
      expect(scrollToTop(topToScroll(top, extent), extent)).toBeCloseTo(top, 4)
    }),
  )
})

test('a row brought into sight is whole in sight, and one already there moves nothing', () => {
  const extent: LogExtent = { rows: 1000, height: ROW_HEIGHT * 10 }
  expect(reveal(5, 0, extent)).toBe(0)
  expect(reveal(10, 0, extent)).toBe(1)
  expect(reveal(3, 7.5, extent)).toBe(3)
  expect(reveal(999, 0, extent)).toBe(990)
})
