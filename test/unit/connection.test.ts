import { expect, test } from 'vitest'
import { Connection, type Loss, type Route } from '../../src/client/connection.js'
import { deferred } from '../../src/core/deferred.js'
import { storeError } from '../../src/core/fault.js'
import { Calls, writerThrough } from '../../src/host/calls.js'
import type { Lost } from '../../src/host/link.js'
import type { Submission } from '../../src/protocol/writer-api.js'

/** A writer that answers only when told, and can be lost. */
class FakeWriter {
  readonly asked: { method: string; args: unknown[]; answer: ReturnType<typeof deferred<unknown>> }[] = []
  readonly #gone = deferred<Lost>()
  readonly #calls = new Calls()

  readonly route: Route = {
    reason: null,
    link: {
      host: 'shared-worker',
      writer: writerThrough((method, args) =>
        this.#calls.run(() => {
          const answer = deferred<unknown>()
          this.asked.push({ method, args, answer })
          return answer.promise
        }),
      ),
      storageFault: null,
      lost: null,
      tracked: [],
      gone: this.#gone.promise,
      elected: false,
      useful: true,
      close: () => this.lose('closed'),
    },
  }

  lose(how: Lost): void {
    this.#calls.end(how)
    this.#gone.resolve(how)
  }

  get methods(): string[] {
    return this.asked.map(({ method, args }) => (method === 'submit' ? `submit ${nameOf(args[0])}` : method))
  }
}

const batch = (name: string): Submission =>
  ({ columns: { name }, append: null, durability: 'relaxed', tally: null }) as never
const nameOf = (submission: unknown): string => (submission as { columns: { name: string } }).columns.name

function connected(): { first: FakeWriter; second: FakeWriter; connection: Connection; losses: (Loss | null)[] } {
  const [first, second] = [new FakeWriter(), new FakeWriter()]
  const losses: (Loss | null)[] = []
  const connect = async (loss: Loss | null): Promise<Route> => {
    losses.push(loss)
    return second.route
  }
  return { first, second, connection: new Connection(first.route, connect, () => {}), losses }
}

/** Everything that is only a matter of promises has happened. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('what a lost writer did not answer is sent to the next one, in order, before anything newer', async () => {
  const { first, second, connection, losses } = connected()
  const answers = ['a', 'b', 'c'].map((name) => connection.send('submit', batch(name)))
  const flushed = connection.call('flush')
  first.asked[1]!.answer.resolve(null)
  await answers[1]
  first.lose('died')
  answers.push(connection.send('submit', batch('d')))
  await settled()
  expect(second.methods).toEqual(['submit a', 'submit c', 'submit d', 'flush'])
  expect(losses).toEqual([{ link: first.route.link, how: 'died' }])
  for (const { answer } of second.asked) answer.resolve(null)
  await Promise.all([...answers, flushed])
})

test('a late answer of a lost writer settles nothing', async () => {
  const { first, second, connection } = connected()
  const answer = connection.send('submit', batch('a'))
  first.lose('silent')
  first.asked[0]!.answer.reject(storeError('quota-exceeded', 'full'))
  await settled()
  second.asked[0]!.answer.resolve('from the second')
  expect(await answer).toBe('from the second')
})

test.each([
  ['silent', 'outcome-unknown'],
  ['died', 'quota-exceeded'],
] as const)('what cannot be stored after a writer was lost (%s) is %s', async (how, code) => {
  const { first, second, connection } = connected()
  const answer = connection.send('submit', batch('a'))
  first.lose(how)
  await settled()
  second.asked[0]!.answer.reject(storeError('quota-exceeded', 'full'))
  await expect(answer).rejects.toMatchObject({ code })
})

test('while it rests everything waits; awake it says hello again and goes on', async () => {
  const { first, second, connection, losses } = connected()
  const before = connection.send('submit', batch('a'))
  connection.rest()
  const [during, read] = [connection.send('submit', batch('b')), connection.call('topics')]
  await settled()
  expect(first.methods).toEqual(['submit a', 'bye'])
  expect(losses).toEqual([])
  connection.wake()
  await settled()
  expect(second.methods).toEqual(['submit a', 'submit b', 'topics'])
  for (const { answer } of second.asked) answer.resolve(null)
  await Promise.all([before, during, read])
})

test('closed, it rejects all that is open, and all that comes later', async () => {
  const { connection } = connected()
  const [sent, open] = [connection.send('submit', batch('a')), connection.call('flush')]
  connection.close()
  await expect(sent).rejects.toMatchObject({ code: 'outcome-unknown' })
  for (const answer of [open, connection.send('submit', batch('b')), connection.call('topics')]) {
    await expect(answer).rejects.toMatchObject({ code: 'closed' })
  }
})

test('a clear keeps its place among the records, whichever writer does it', async () => {
  const { first, second, connection } = connected()
  const answers = [connection.send('submit', batch('a')), connection.send('clear', 't', 1)]
  answers.push(connection.send('submit', batch('b')))
  first.lose('died')
  await settled()
  expect(second.methods).toEqual(['submit a', 'clear', 'submit b'])
  expect(second.asked[1]!.args).toEqual(['t', 1])
  for (const { answer } of second.asked) answer.resolve(null)
  await Promise.all(answers)
})
