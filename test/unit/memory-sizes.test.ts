import { describe, expect, test } from 'vitest'
import { joinTime, splitMs, splitNanoseconds } from '../../src/memory/clock.js'
import { textureBytes } from '../../src/memory/texture-bytes.js'
import fc from 'fast-check'

describe('the bytes of a texture', () => {
  test.each([
    [{ size: [256, 256], format: 'rgba8unorm' }, 256 * 256 * 4],
    [{ size: { width: 10 }, format: 'r8unorm' }, 10],
    [{ size: [4, 4, 6], format: 'rg16float' }, 4 * 4 * 6 * 4],
    [{ size: [4, 4, 4], format: 'rgba32float', dimension: '3d', mipLevelCount: 3 }, (64 + 8 + 1) * 16],
    [{ size: [4, 4, 4], format: 'r8uint', mipLevelCount: 3 }, (16 + 4 + 1) * 4],
    [{ size: [8, 8], format: 'bgra8unorm-srgb', sampleCount: 4 }, 8 * 8 * 4 * 4],
    [{ size: [5, 5], format: 'bc1-rgba-unorm' }, 4 * 8],
    [{ size: [5, 5], format: 'bc7-rgba-unorm' }, 4 * 16],
    [{ size: [8, 8], format: 'etc2-rgba8unorm' }, 4 * 16],
    [{ size: [8, 8], format: 'etc2-rgb8a1unorm' }, 4 * 8],
    [{ size: [10, 5], format: 'astc-5x5-unorm' }, 2 * 16],
    [{ size: [10, 10], format: 'depth24plus-stencil8' }, 400],
    [{ size: [10, 10], format: 'rgb10a2unorm' }, 400],
    [{ size: [10, 10], format: 'of-the-future' }, 0],
  ])('%o', (descriptor, bytes) => {
    expect(textureBytes(descriptor)).toBe(bytes)
  })
})

describe('a time and its nanoseconds', () => {
  test('hold every timestamp of 64 bits exactly', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (timestamp) => {
        expect(joinTime(splitNanoseconds(timestamp))).toBe(timestamp)
      }),
      { examples: [[0n], [999_999n], [1_767_268_800_000_999_999n], [2n ** 64n - 1n]], numRuns: 1000 },
    )
  })

  test('are as near as a float can be, and in the order of the timestamps', () => {
    const split = splitNanoseconds(1_767_268_800_123_500_000n)
    expect(split).toEqual({ time: 1_767_268_800_123.5, ns: 500_000 })
    expect(splitMs(1_767_268_800_123.5)).toEqual(split)
  })
})
