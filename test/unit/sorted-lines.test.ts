import { expect, test } from 'vitest'
import { SortedLines } from '../../src/client/sorted-lines.js'

async function inOrder(numbers: readonly number[], characters: number): Promise<[at: number, index: number][]> {
  const lines = new SortedLines()
  const padding = 'ü'.repeat(characters)
  numbers.forEach((at, index) => lines.add(at, JSON.stringify([at, index, padding])))
  expect(lines.first).toBe(numbers.length === 0 ? 0 : Math.min(...numbers))
  const sorted: [number, number][] = []
  for await (const line of lines.inOrder()) {
    const [at, index] = JSON.parse(line) as [number, number]
    sorted.push([at, index])
  }
  return sorted
}

// Stable: lines of one number stay as they came.
function expected(numbers: readonly number[]): [number, number][] {
  return numbers.map((at, index): [number, number] => [at, index]).toSorted(([a], [b]) => a - b)
}

test.each<[what: string, number: (n: number) => number]>([
  ['in any order', (n) => (n * 7919) % 31],
  ['rising', (n) => n],
  ['falling', (n) => 100 - n],
  ['all alike', () => 5],
  ['of two clocks', (n) => (n % 2) * 40 + n],
])('lines %s that fill several runs come out in order', { timeout: 30_000 }, async (_what, number) => {
  const numbers = Array.from({ length: 50 }, (_, n) => number(n))
  expect(await inOrder(numbers, 400_000)).toEqual(expected(numbers))
})

test('few lines, and none', async () => {
  expect(await inOrder([3, 1, 2], 1)).toEqual(expected([3, 1, 2]))
  expect(await inOrder([], 1)).toEqual([])
})
