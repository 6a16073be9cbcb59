/** The figures beside README's promises, as its table. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from '../kit/browser.js'
import { tableRow as row } from '../kit/readme-block.js'

/** @import { Block } from '../kit/readme-block.js' */

/**
 * @typedef {object} Measured in one engine
 * @property {string} version
 * @property {number} runs
 * @property {{ ending: string, situation: string, kept: number, inOrder: boolean }[]} survivors `kept`: of all runs together
 */

/**
 * @typedef {object} Promises
 * @property {number} recorded un-awaited, per ending
 * @property {Record<string, Measured>} engines
 * @property {{ seconds: number, seed: number, tabs: number, causes: Record<string, number>, levels: Record<string, { events: number, kept: number, cleared: number, duplicated: number, reordered: number }> }} soak
 */

export const figuresPath = join(repositoryRoot, 'test/figures/promises.json')

/** @returns {Promises} */
export function readPromises() {
  return JSON.parse(readFileSync(figuresPath, 'utf8'))
}

/** What a promise covers, and the levels of the soak that it is about. */
const LEVELS = /** @type {const} */ ([
  ['committed', 'an append resolved, or a flush after the record'],
  ['journaled', 'recorded, and the journal has written it; the tab then crashed, closed or navigated'],
  ['left', 'recorded just before the tab closed or navigated'],
  ['window', 'recorded in the very task in which the tab crashed'],
])

/** @param {Promises} promises */
function promisesMarkdown({ recorded, engines, soak }) {
  const measured = Object.values(engines)
  const situations = [...new Set(measured.flatMap(({ survivors }) => survivors.map(({ situation }) => situation)))]
  const events = Object.values(soak.levels).reduce((sum, level) => sum + level.events, 0)
  return [
    `${recorded} events recorded and not awaited: in the log when the next tab reads it`,
    '',
    row(['in', 'the tab is …', ...situations]),
    row(['---', '---', ...situations.map(() => '---')]),
    ...measured.flatMap((one) =>
      [...new Set(one.survivors.map(({ ending }) => ending))].map((ending, at) =>
        row([
          at === 0 ? `${one.version}, ${one.runs} ${one.runs === 1 ? 'run' : 'runs'} of each` : '',
          ending,
          ...situations.map((situation) => shareIn(one, recorded, ending, situation)),
        ]),
      ),
    ),
    '',
    `${soak.seconds} seconds of ${soak.tabs} tabs of Chromium on mixed hosts and two versions, ${events.toLocaleString('en')} events, with ${listOf(soak.causes)}:`,
    '',
    row(['level', 'what it covers', 'events', 'lost', 'twice', 'out of order']),
    row(['---', '---', '---:', '---:', '---:', '---:']),
    ...LEVELS.flatMap(([name, covers]) => {
      const level = soak.levels[name]
      if (!level) return []
      const lost = level.events - level.kept - level.cleared
      return [
        row([
          name,
          covers,
          ...[level.events, lost, level.duplicated, level.reordered].map((n) => n.toLocaleString('en')),
        ]),
      ]
    }),
  ].join('\n')
}

/**
 * @param {Measured} measured
 * @param {number} recorded
 * @param {string} ending
 * @param {string} situation
 */
function shareIn({ runs, survivors }, recorded, ending, situation) {
  const found = survivors.find((own) => own.ending === ending && own.situation === situation)
  if (!found) return '–'
  const percent = ((100 * found.kept) / (runs * recorded)).toFixed(1).replace('.0', '')
  return `${percent} %${found.inOrder ? '' : ', out of order'}`
}

/** @type {Block} */
export const promisesBlock = {
  name: 'figures',
  command: 'npm run figures',
  markdown: () => promisesMarkdown(readPromises()),
}

const CAUSES = ['renderers crashed', 'SharedWorkers killed', 'leaders killed', 'transactions aborted', 'walls']

/** @param {Record<string, number>} causes */
function listOf(causes) {
  const named = CAUSES.map((cause) => `${causes[cause] ?? 0} ${cause === 'walls' ? 'full disks' : cause}`)
  return `${named.slice(0, -1).join(', ')} and ${named.at(-1)}`
}
