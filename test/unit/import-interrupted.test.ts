import { expect, test } from 'vitest'
import type { Handle } from '../../src/client/handle.js'
import { importFile } from '../../src/client/import.js'
import { storeError } from '../../src/core/fault.js'
import { openStore } from '../../src/index.js'

test('what the writer refuses in the middle says how far the import came', async () => {
  const store = await openStore('interrupted', { storage: 'memory', host: 'inline' })
  for (let n = 0; n < 5000; n++) store.topic('t').record('x', n)
  const file = await store.export({ format: 'ndjson' })
  await store.close()
  const cause = new Error('disk')
  const batches: number[] = []
  const lasts: boolean[] = []
  const call = async (_method: string, columns: { count: number }, isLast: boolean): Promise<object> => {
    batches.push(columns.count)
    lasts.push(isLast)
    if (batches.length === 3) throw storeError('quota-exceeded', 'The disk is full.', { extra: 1 }, cause)
    return { events: columns.count - 1, skipped: 1, topics: ['t'] }
  }
  const handle = { assertOpen() {}, shared: { connection: { call } } } as unknown as Handle
  await expect(importFile(handle, file, {})).rejects.toMatchObject({
    code: 'quota-exceeded',
    cause,
    fault: { retry: 'after-freeing-space', imported: 3998, skipped: 2, total: 5000, extra: 1 },
    message: expect.stringMatching(/^The disk is full\. At least \d+ of the file's 5000 events were imported/),
  })
  expect([batches, lasts]).toEqual([
    [2000, 2000, 1000],
    [false, false, true],
  ])
})
