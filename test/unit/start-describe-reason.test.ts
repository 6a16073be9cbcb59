import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { describeReason } from '../../panel/start/describe-reason.js'

test('an error gives name, message and stack', () => {
  const error = new TypeError('no such cart')
  expect(describeReason(error)).toEqual({ name: 'TypeError', message: 'no such cart', stack: error.stack })
})

test('an error of another realm is an error too', () => {
  expect(describeReason(runInNewContext('new RangeError("far away")'))).toMatchObject({
    name: 'RangeError',
    message: 'far away',
  })
})

test('a cause is told in a line, even when it is its own cause', () => {
  const error = new Error('outer')
  error.cause = error
  expect(describeReason(error).cause).toBe('Error: outer')
  expect(describeReason(new Error('outer', { cause: 'the disk' })).cause).toBe('string: the disk')
})

test.each([
  [undefined, { name: 'undefined', message: 'undefined' }],
  [null, { name: 'null', message: 'null' }],
  [12n, { name: 'bigint', message: '12' }],
  [Symbol('why'), { name: 'symbol', message: 'Symbol(why)' }],
  ['just text', { name: 'string', message: 'just text' }],
  [() => 'secret', { name: 'Function', message: 'a function' }],
])('%s can be a reason', (reason, described) => {
  expect(describeReason(reason)).toEqual(described)
})

test('of other objects the keys are told, never the values', () => {
  expect(describeReason({ password: 'hunter2', code: 4 })).toEqual({ name: 'Object', message: '{ password, code }' })
})

test('what cannot be read is said to be unreadable', () => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  const trap = {
    get message(): string {
      throw new Error('gotcha')
    },
  }
  for (const reason of [proxy, trap]) expect(describeReason(reason).name).toBe('unreadable')
  expect(describeReason(Object.create(null)).name).toBe('object')
})

test('a message and a stack of any length are cut', () => {
  const error = new Error('x'.repeat(100_000))
  const { message, stack } = describeReason(error)
  expect(message.length).toBe(400)
  expect(stack?.length).toBe(4000)
})
