import { expect, test } from 'vitest'
import { atMostPerSecond } from '../../panel/start/at-most-per-second.js'

test('past the limit events are left out, and the next one says how many', () => {
  let time = 0
  const told: Record<string, unknown>[] = []
  const emit = atMostPerSecond(
    3,
    (_type, data) => told.push(data),
    () => time,
  )
  for (let index = 0; index < 10; index++) emit('error', { index })
  time = 999
  emit('error', { index: 10 })
  expect(told.map((data) => data['index'])).toEqual([0, 1, 2])
  time = 1000
  emit('error', { index: 11 })
  emit('error', { index: 12 })
  expect(told.slice(3)).toEqual([{ index: 11, leftOut: 8 }, { index: 12 }])
})
