import { expect, test } from 'vitest'
import { ColumnBuilder } from '../../src/codec/column-builder.js'
import type { Receipt } from '../../src/core/event.js'
import type { Outcome } from '../../src/protocol/outcome.js'
import { Log } from '../../src/log/log.js'
import { createMemoryDatabase } from '../../src/log/memory-database.js'
import { requestFor } from '../../src/protocol/writer-api.js'

/** A tab's command or event, by its running number. */
const command = (seq: number) => ({ producer: 'p', session: 's', seq })

async function append(log: Log, seq: number, asAppend = false, id?: string): Promise<Outcome<Receipt | null>> {
  const builder = new ColumnBuilder('p')
  builder.add({ topic: 't', type: 'x', data: seq, time: 1, weight: 1, id, meta: undefined }, () => seq)
  const batch = { columns: builder.build(), session: 's', append: asAppend ? { topic: 't', expect: null } : null }
  return (await log.append([batch], 'relaxed')).outcomes[0]!
}

/** The first writer answers nobody any more; the second is asked everything again. */
function twoWriters(): [Log, Log] {
  const database = createMemoryDatabase()
  return [new Log(database), new Log(database)]
}

const count = (log: Log): Promise<number> => log.count(requestFor({ topics: ['t'] }))

test('a clear that is sent again is not done to what was recorded after it', async () => {
  const [first, second] = twoWriters()
  await append(first, 0)
  await first.clear('t', command(1))
  await append(first, 2)
  await second.clear('t', command(1))
  expect(await count(second)).toBe(1)
  await second.clear('t', command(3))
  expect(await count(second)).toBe(0)
})

test('what is done early, where it makes room, takes nothing that was recorded after it', async () => {
  const [first, second] = twoWriters()
  const early = (seq: number) => ({ ...command(seq), isEarly: true })
  await append(first, 0)
  await first.clear('t', early(1))
  expect(await count(first)).toBe(0)
  await second.clear('t', command(1))
  await append(second, 2)
  await first.clear('t', early(1))
  expect(await first.erase(requestFor({}), early(1))).toBe(0)
  expect(await count(first)).toBe(1)
})

test('an erase that was begun early counts what it took once', async () => {
  const [log] = twoWriters()
  await append(log, 0)
  expect(await log.erase(requestFor({}), { ...command(2), isEarly: true })).toBe(1)
  await append(log, 1)
  expect(await log.erase(requestFor({}), command(2))).toBe(1)
  expect(await log.erase(requestFor({}), command(2))).toBe(1)
})

test('what was dropped since its id was there does not come back with a journal once the topic is cleared', async () => {
  const [log, recovering] = twoWriters()
  await append(log, 0, false, 'a')
  await append(log, 1, false, 'a')
  await log.clear('t', command(2))
  await append(recovering, 1, false, 'a')
  expect(await count(recovering)).toBe(0)
})

test('an erase that is sent again erases nothing more, and its count is still known', async () => {
  const [first, second] = twoWriters()
  for (const seq of [0, 1, 2]) await append(first, seq)
  expect(await first.erase(requestFor({}), command(3))).toBe(3)
  await append(first, 4)
  expect(await second.erase(requestFor({}), command(3))).toBe(3)
  expect(await count(second)).toBe(1)
  expect(await second.erase(requestFor({ types: ['none'] }), command(5))).toBe(0)
  expect(await second.erase(requestFor({}), command(6))).toBe(1)
})

test('what comes after the later records of its tab is refused, and nothing is done', async () => {
  const [first, second] = twoWriters()
  await append(first, 0)
  await append(second, 4)
  const late = { code: 'outcome-unknown' }
  expect(await append(first, 1, true)).toEqual({ ok: false, fault: expect.objectContaining(late) })
  await expect(first.clear('t', command(2))).rejects.toMatchObject({ code: late.code })
  await expect(first.erase(requestFor({}), command(3))).rejects.toMatchObject({ code: late.code })
  expect(await count(first)).toBe(2)
  // A record is never refused: it comes late rather than not at all.
  expect(await append(first, 1)).toEqual({ ok: true, value: null })
  expect(await count(first)).toBe(3)
})
