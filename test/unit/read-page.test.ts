import { expect, test } from 'vitest'
import { ColumnBuilder } from '../../src/codec/column-builder.js'
import { openSegment } from '../../src/codec/decode.js'
import type { LogDatabase } from '../../src/log/database.js'
import { Log } from '../../src/log/log.js'
import { createMemoryDatabase } from '../../src/log/memory-database.js'
import { requestFor } from '../../src/protocol/writer-api.js'

let seq = 0

async function append(log: Log, count: number): Promise<void> {
  const builder = new ColumnBuilder('p')
  for (let n = 0; n < count; n++) {
    builder.add({ topic: 't', type: 'x', data: n, time: n, weight: 1, id: undefined, meta: undefined }, () => seq++)
  }
  await log.append([{ columns: builder.build(), session: 's', append: null }], 'relaxed')
}

test('what is committed while a page is read lies behind the head that the page tells', async () => {
  const database = createMemoryDatabase()
  const others = new Log(database)
  await append(others, 1500)
  let reads = 0
  const interrupted: LogDatabase = {
    ...database,
    async read(stores, body) {
      if (++reads === 2) await append(others, 700)
      return database.read(stores, body)
    },
  }
  const log = new Log(interrupted)
  const page = await log.readPage(requestFor({ sequences: [900, Infinity], limit: 1000 }))
  const sequences = page.slices.flatMap((slice) => {
    const { sequence } = openSegment(slice)
    return slice.rows ? Array.from(slice.rows, (row) => sequence[row]!) : [...sequence]
  })
  expect(reads).toBeGreaterThan(1)
  expect(sequences).toEqual(Array.from({ length: 600 }, (_, n) => 900 + n))
  expect(page).toMatchObject({ head: 1500, next: null })
  const next = await log.readPage(requestFor({ sequences: [page.head, Infinity] }))
  expect(next.head).toBe(2200)
})
