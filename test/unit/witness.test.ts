import { expect, test } from 'vitest'
import { newHead } from '../../src/log/log-memory.js'
import { lossSince } from '../../src/log/witness.js'

test('a log that is in a later epoch than its witness lost something in between', () => {
  const head = { ...newHead(), epoch: 3 }
  const witness = { database: head.database, epoch: 2, nextSequence: 7, topics: [] }
  expect(lossSince(head, witness)).toMatchObject({ code: 'storage-lost', to: 7, epoch: 3 })
  expect(lossSince(head, { ...witness, epoch: 3 })).toBe(null)
  expect(lossSince(head, { ...witness, database: 'another' })).toBe(null)
})
