import { expect, test } from 'vitest'
import { constraintText, formatLength } from '../../panel/model/limit-text.js'

test('a length is told in the longest unit that it is a whole number of', () => {
  expect([900_000, 3_600_000, 90_000, 1_209_600_000, 12].map(formatLength)).toEqual([
    '15 minutes',
    '1 hour',
    '90 seconds',
    '2 weeks',
    '12 ms',
  ])
})

test('a constraint is told as it was built', () => {
  const windowMs = 3_600_000
  expect(constraintText({ is: 'atMost', id: 'sign-in', limit: 5, windowMs })).toEqual({
    rule: 'at most 5 in 1 hour',
    id: 'sign-in',
  })
  expect(constraintText({ is: 'cooldown', id: 'a', windowMs }).rule).toBe('not again for 1 hour')
  expect(constraintText({ is: 'during', schedule: { hours: [9, 17], timeZone: 'Europe/Berlin' } })).toEqual({
    rule: 'during 9:00 – 17:00, Europe/Berlin',
    id: null,
  })
  expect(constraintText({ is: 'outsideOf', schedule: { days: [1, 7] } }).rule).toBe('outside of Monday, Sunday')
})
