import { expect, test } from 'vitest'
import { fault } from '../../src/core/fault.js'
import { FaultLog } from '../../src/writer/fault-log.js'

test('tells the first fault of a code since a count, and none from before', () => {
  const log = new FaultLog()
  const [early, other, late] = [fault('storage-lost', '1'), fault('corrupt', '2'), fault('storage-lost', '3')]
  expect(log.since(0, 'storage-lost')).toBe(null)
  log.report(early)
  expect(log.since(0, 'storage-lost')).toBe(early)
  const { last } = log
  expect(log.since(last, 'storage-lost')).toBe(null)
  log.report(other)
  expect(log.since(last, 'storage-lost')).toBe(null)
  log.report(late)
  expect(log.since(last, 'storage-lost')).toBe(late)
})
