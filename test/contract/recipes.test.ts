/** The snippets of the README, run as they stand there. */
import { expect, test } from 'vitest'
import { openStore, type Store } from '../../src/index.js'
import { DAY, MINUTE } from '../kit/durations.js'
import { manualClock, type ManualClock } from '../../src/testing.js'
import readme from '../../README.md?raw'

type Snippet = (context: Record<string, unknown>) => Promise<void>

/** The one that begins with this comment. */
function snippet(comment: string): Snippet {
  const blocks = [...readme.matchAll(/```js\n([^]*?)```/g)].map(([, code]) => code!)
  const code = blocks.find((block) => block.startsWith(`// ${comment}`))
  if (code === undefined) throw new Error(`The README has no snippet '${comment}'`)
  return async (context) => {
    const AsyncFunction = (async () => {}).constructor as new (
      ...parts: string[]
    ) => (...all: unknown[]) => Promise<void>
    await new AsyncFunction(...Object.keys(context), code)(...Object.values(context))
  }
}

let lastStore = 0

async function openAt(time: string): Promise<{ store: Store; clock: ManualClock }> {
  const clock = manualClock(time)
  const counters = { timeZone: 'Europe/Berlin' }
  return {
    clock,
    store: await openStore(`recipe-${++lastStore}`, { storage: 'memory', host: 'inline', clock, counters }),
  }
}

test('ask for a review after ten launches in a week, at most once a quarter', async () => {
  const { store, clock } = await openAt('2026-11-18T08:00Z')
  const launch = snippet('Ask for a review after ten launches in a week')
  const askedOnDays: number[] = []
  for (let day = 0; day < 200; day++) {
    // Once a day is not ten times a week; twice is.
    for (let n = 0; n < (day < 20 ? 1 : 2); n++) {
      await launch({ store, askForReview: () => askedOnDays.push(day) })
    }
    clock.advance(DAY)
  }
  expect(askedOnDays).toEqual([21, 112])
  await store.close()
})

test('five sign-in attempts per 15 minutes, over all tabs', async () => {
  const { store, clock } = await openAt('2026-11-18T08:00Z')
  const other = await openStore(store.name, { storage: 'memory', host: 'inline' })
  const attempt = snippet('Five sign-in attempts per 15 minutes')
  const seen: string[] = []
  const tries = async (times: number): Promise<string[]> => {
    seen.length = 0
    for (let n = 0; n < times; n++) {
      await attempt({
        store: n % 2 ? store : other,
        signIn: () => seen.push('in'),
        show: (text: string) => seen.push(text),
      })
    }
    return [...seen]
  }
  expect(await tries(6)).toEqual(['in', 'in', 'in', 'in', 'in', 'Try again in 16 minutes.'])
  clock.advance(15 * MINUTE)
  expect(await tries(1)).toEqual(['Try again in 1 minutes.'])
  clock.advance(MINUTE)
  expect(await tries(1)).toEqual(['in'])
  await Promise.all([store.close(), other.close()])
})

test('the conversion of the last seven days', async () => {
  const { store, clock } = await openAt('2026-11-18T08:00Z')
  const cart = store.topic('cart')
  const conversion = snippet('The conversion of the last seven days')
  const shown: string[] = []
  const show = (text: string) => shown.push(text)
  await conversion({ store, show })
  for (let n = 0; n < 40; n++) cart.record('visited')
  for (let n = 0; n < 10; n++) cart.record('paid')
  await conversion({ store, show })
  clock.advance(7 * DAY)
  await conversion({ store, show })
  expect(shown).toEqual(['No visits yet.', '25 %', 'No visits yet.'])
  await store.close()
})
