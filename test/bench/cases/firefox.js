/** The same events in Firefox, beside Dexie: written, and read back. */
import { interleave } from '../rounds.js'
import { figureOf, ratioOf } from '../row.js'

/** @import { Ground } from '../ground.js' */
/** @import { Options } from '../options.js' */
/** @import { Cell, Table } from '../row.js' */

export const name = 'firefox'
export const needsPeers = true
export const browser = 'firefox'

const contenders = ['tabscribe', 'Dexie']
const count = 10_000
const batch = 1000
const inFlight = 24

/** @typedef {{ append: number, read: number }} Sample milliseconds */

/**
 * @param {Ground} ground
 * @param {Options} options
 * @returns {Promise<Table[]>}
 */
export async function run(ground, { rounds, sizes }) {
  /** @type {Record<string, Sample[]>[]} */
  const bySize = []
  for (const size of sizes) {
    bySize.push(
      await interleave(contenders, rounds, (contender) => once(ground, { contender, count, size, batch, inFlight })),
    )
  }
  /** @type {(cell: (samples: Record<string, Sample[]>, of: keyof Sample) => Cell) => Cell[]} */
  const row = (cell) =>
    /** @type {const} */ (['append', 'read']).flatMap((of) => bySize.map((samples) => cell(samples, of)))
  const samplesOf = (/** @type {Sample[] | undefined} */ samples, /** @type {keyof Sample} */ of) =>
    (samples ?? []).map((sample) => sample[of])
  const columns = ['append', 'read'].flatMap((of) => sizes.map((size) => `${of} ${size.toLocaleString('en')} B`))
  return [
    {
      title: `In Firefox, ${count.toLocaleString('en')} events in batches of ${batch.toLocaleString('en')}`,
      about: 'The same work, beside the quickest of the peers that keep objects.',
      inReadme: true,
      head: ['', ...columns],
      body: [
        [
          'as fast as Dexie',
          ...row(({ tabscribe, Dexie }, of) => ({
            ...ratioOf(samplesOf(Dexie, of), samplesOf(tabscribe, of)),
            unit: '×',
          })),
        ],
        ...contenders.map((contender) => [
          contender,
          ...row((samples, of) =>
            figureOf(
              samplesOf(samples[contender], of).map((ms) => (1000 * count) / ms),
              '/s',
            ),
          ),
        ]),
      ],
    },
  ]
}

/**
 * On storage of its own, after a first run that compiles the code and starts the workers.
 * @param {Ground} ground
 * @param {{ contender: string, count: number, size: number, batch: number, inFlight: number }} work
 * @returns {Promise<Sample>}
 */
async function once(ground, work) {
  const tab = await ground.openTab()
  try {
    await tab.call('peers', 'open', work)
    await tab.call('peers', 'write')
    await tab.call('peers', 'remove')
    await tab.call('peers', 'open', work)
    const append = /** @type {number} */ (await tab.call('peers', 'write'))
    const read = /** @type {number} */ (await tab.call('peers', 'readAll', work.count))
    return { append, read }
  } finally {
    await tab.remove()
  }
}
