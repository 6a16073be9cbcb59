import { expect, test } from 'vitest'
import { address } from '../../panel/start/address.js'
import { bounded } from '../../panel/start/bounded-text.js'

const here = 'https://shop.example/cart?token=secret'

test.each([
  ['https://shop.example/a.js?v=1', '/a.js'],
  ['/b.css', '/b.css'],
  ['https://user:pass@cdn.example/lib.js?key=1', 'https://cdn.example/lib.js'],
  ['#runway', '/cart#runway'],
  ['#/orders/12', '/cart#/orders/12'],
  ['#access_token=abc&expires=1', '/cart'],
  ['data:text/plain,secret', 'data:'],
  ['blob:https://shop.example/uuid', 'blob:'],
  ['http://[', 'unreadable'],
])('%s is told as %s', (url, told) => {
  expect(address(url, here)).toBe(told)
})

test('text is one line, bounded, and never ends in half a character', () => {
  expect(bounded('  two\n  lines ')).toBe('two lines')
  expect(bounded('a'.repeat(200))).toBe(`${'a'.repeat(79)}…`)
  expect(bounded('😀'.repeat(100), 4)).toBe('😀…')
})
