import { expect, test } from 'vitest'
import { checksum } from '../../src/codec/checksum.js'

// Of the reference implementation, seed 0.
test.each([
  ['', 0x02cc5d05],
  ['a', 0x550d7456],
  ['abc', 0x32d153ff],
  ['Nobody inspects the spammish repetition', 0xe2293b2f],
])('the XXH32 of %j is that of the specification', (text, expected) => {
  expect(checksum(new TextEncoder().encode(text))).toBe(expected)
})

test('every single flipped bit changes the checksum', () => {
  const bytes = new TextEncoder().encode('forty-three bytes of something to look over')
  const before = checksum(bytes)
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    bytes[bit >> 3]! ^= 1 << (bit & 7)
    expect(checksum(bytes)).not.toBe(before)
    bytes[bit >> 3]! ^= 1 << (bit & 7)
  }
})
