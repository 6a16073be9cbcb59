import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NameColors } from '../../panel/model/name-colors.js'

const names = (count: number): string[] => Array.from({ length: count }, (_, at) => `topic-${at}`)

/** As far apart as they look, in OKLab: 0.02 can just be seen side by side. */
function distance(one: string, other: string): number {
  const [a, b] = [one, other].map((color) => {
    const [lightness = 0, chroma = 0, hue = 0] = color.match(/[\d.]+/g)!.map(Number)
    const angle = (hue / 180) * Math.PI
    return [lightness, chroma * Math.cos(angle), chroma * Math.sin(angle)]
  })
  return Math.hypot(...a!.map((part, at) => part - b![at]!))
}

test('the first twelve names have colours that are clearly apart', () => {
  const colors = new NameColors(names(12))
  const given = names(12).map((name) => colors.of(name))
  for (const [at, one] of given.entries()) {
    for (const other of given.slice(at + 1)) expect(distance(one, other)).toBeGreaterThan(0.1)
  }
})

test('a name keeps its colour, whatever names come after it', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 30 }), (all) => {
      const colors = new NameColors()
      const given = all.map((name) => colors.of(name))
      expect(all.map((name) => new NameColors(all).of(name))).toEqual(given)
      expect(all.map((name) => colors.of(name))).toEqual(given)
    }),
  )
})

test('alone, a name has the colour of its own in every store', () => {
  expect(new NameColors(['cart']).of('cart')).toBe(new NameColors().of('cart'))
})
