import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { News } from '../../src/writer/news.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Milliseconds until each of so many answers, with something new every ten milliseconds for a while. */
async function answersAt(news: News, forMs: number): Promise<number[]> {
  const startedAt = performance.now()
  const at: number[] = []
  const ask = async (): Promise<void> => {
    for (let after = -1; await news.since(after); after = news.revision) at.push(performance.now() - startedAt)
  }
  void ask()
  for (let ms = 0; ms < forMs; ms += 10) {
    await vi.advanceTimersByTimeAsync(10)
    news.add()
    await vi.advanceTimersByTimeAsync(0)
  }
  news.close()
  return at
}

test('the first question is answered at once, the others at most ten times a second', async () => {
  const at = await answersAt(new News(), 1000)
  expect(at[0]).toBe(0)
  expect(at.length).toBeGreaterThan(8)
  expect(at.length).toBeLessThanOrEqual(11)
})

test('while the writer is flooded news waits a second, and is told as the flood ends', async () => {
  let isFlooded = true
  const at = await answersAt(new News(() => isFlooded), 3000)
  expect(at).toHaveLength(3)
  const news = new News(() => isFlooded)
  const told = news.since(0)
  const when = told.then(() => performance.now())
  const startedAt = performance.now()
  news.add()
  await vi.advanceTimersByTimeAsync(200)
  isFlooded = false
  news.add()
  expect((await when) - startedAt).toBe(200)
})

test('an ebb is waited for, but not longer than news is', async () => {
  let isFlooded = true
  const news = new News(() => isFlooded)
  const startedAt = performance.now()
  const waited = news.ebb().then(() => performance.now() - startedAt)
  await vi.advanceTimersByTimeAsync(2000)
  expect(await waited).toBe(1000)
  isFlooded = false
  const asked = performance.now()
  await news.ebb()
  expect(performance.now()).toBe(asked)
})
