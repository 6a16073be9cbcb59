import { expect, test, vi } from 'vitest'
import { FaultFeed } from '../../src/client/faults.js'
import { fault } from '../../src/core/fault.js'

const [first, second, third] = [fault('corrupt', '1'), fault('quota-exceeded', '2'), fault('closed', '3')]

test('what comes before anyone listens or reads is kept for the first to do either', async () => {
  const feed = new FaultFeed()
  feed.report(first)
  const heard: unknown[] = []
  feed.listen((own) => heard.push(own))
  feed.report(second)
  expect(heard).toEqual([first, second])
  const reader = feed[Symbol.asyncIterator]()
  expect([(await reader.next()).value, (await reader.next()).value]).toEqual([first, second])
  const late: unknown[] = []
  feed.listen((own) => late.push(own))
  feed.report(third)
  expect(late).toEqual([third])
  expect((await reader.next()).value).toEqual(third)
})

test('one who stopped hears no more; one who throws keeps nothing from the others', () => {
  vi.stubGlobal('reportError', () => {})
  const feed = new FaultFeed()
  const heard: unknown[] = []
  feed.listen(() => {
    throw new Error('mine')
  })
  const stop = feed.listen((own) => heard.push(own))
  feed.report(first)
  stop()
  feed.report(second)
  expect(heard).toEqual([first])
  vi.unstubAllGlobals()
})
