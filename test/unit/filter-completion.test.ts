import { expect, test } from 'vitest'
import { completionsAt } from '../../panel/model/filter-completion.js'
import { parseFilter } from '../../panel/model/filter-language.js'

const known = {
  topics: ['cart', 'my cart', 'ui'],
  types: ['paid', 'unpaid', '/odd', 'say "x"'],
  paths: ['data.amount', 'data.user.id', 'data.lines[0].sku', 'data["a \\"key\\""].n'],
}
const texts = (text: string, cursor = text.length): string[] =>
  (completionsAt(text, cursor, known)?.items ?? []).map((item) => item.text)

test('the word before the cursor is completed, whatever stands around it', () => {
  expect(texts('to')).toEqual(['topic:'])
  expect(texts('-t')).toEqual(['-type:'])
  expect(texts('topic:cart t', 12)).toEqual(['topic:', 'type:', 'tab:me'])
  expect(completionsAt('a type:pa b', 9, known)).toMatchObject({ from: 2, to: 9 })
  expect(texts('"to')).toEqual([])
  expect(texts('data.amount>1')).toEqual([])
})

test('names that begin with what is written come first', () => {
  expect(texts('type:pa')).toEqual(['type:paid ', 'type:unpaid '])
  expect(texts('-topic:CART')).toEqual(['-topic:cart ', '-topic:"my cart" '])
  expect(texts('type:none')).toEqual([])
})

test('a path is completed from its beginning, however its steps are written', () => {
  expect(texts('data.am')).toEqual(['data.amount'])
  expect(texts('topic:cart -data.USER')).toEqual(['-data.user.id'])
  expect(texts('data[')).toEqual(known.paths)
  expect(texts('data.lines.0')).toEqual(['data.lines[0].sku'])
  expect(texts('data["a \\"k')).toEqual(['data["a \\"key\\""].n'])
  expect(texts('data.key')).toEqual([])
  expect(completionsAt('a data["a \\"k', 13, known)).toMatchObject({ from: 2, to: 13 })
})

test('a path that is whole is offered no more, nor within what it is compared with', () => {
  expect(texts('data.amount')).toEqual([])
  expect(texts('data.amount>1')).toEqual([])
  expect(texts('data.user="data.am')).toEqual([])
})

test('every completed name is read as that name', () => {
  for (const [field, names] of [
    ['topic', known.topics],
    ['type', known.types],
  ] as const) {
    const terms = texts(`${field}:`).map((text) => parseFilter(text, { now: 0, producer: null }))
    expect(terms.map(({ filter }) => filter.all)).toEqual(
      names.map((name) => [{ is: field, match: { contains: name } }]),
    )
  }
})
