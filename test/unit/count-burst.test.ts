import { expect, test } from 'vitest'
import { CountBurst } from '../../src/client/count-burst.js'

test('what happens within a second is counted as one, and no count is lost at 2^53 - 1', () => {
  const burst = new CountBurst()
  burst.add('a', 5_100, 1)
  burst.add('b', 5_200, 1)
  burst.add('a', 5_999, 2)
  burst.add('a', 6_000, 4)
  burst.add('a', 5_500, 8)
  burst.add('a', 5_600, Number.MAX_SAFE_INTEGER - 10)
  burst.add('a', 5_400, 5)
  expect(burst.counts()).toEqual([
    ['a', 5_999, 3],
    ['b', 5_200, 1],
    ['a', 6_000, 4],
    ['a', 5_600, Number.MAX_SAFE_INTEGER - 2],
    ['a', 5_400, 5],
  ])
  expect(burst.size).toBe(5)
})

test('a time before 1970 is counted as any other', () => {
  const burst = new CountBurst()
  burst.add('a', -500, 1)
  burst.add('a', 400, 1)
  expect(burst.counts()).toEqual([
    ['a', -500, 1],
    ['a', 400, 1],
  ])
})
