/**
 * `npm run figures`: measures what README says of its promises, and writes it there.
 *
 *   npm run figures                              ten runs of every ending in every engine, two minutes of soak
 *   npm run figures -- --runs 3 --seconds 30     a first look
 *   npm run figures -- --engines webkit --seconds 0
 *   npm run figures -- --runs 0 --seconds 0      only writes the table anew from the last figures
 */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { repositoryRoot } from '../kit/browser.js'
import { engines } from '../kit/engine-names.js'
import { startEngine } from '../kit/engines.js'
import { writeBlock } from '../kit/readme-block.js'
import { endings, RECORDED, situations, survivorsOf } from '../kit/survivors.js'
import { isClean, textOf } from '../soak/report.js'
import { runSoak } from '../soak/soak.js'
import { figuresPath, promisesBlock, readPromises } from './promises.js'

/** @import { Engine } from '../kit/tabs.js' */
/** @import { Measured, Promises } from './promises.js' */

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10' },
    engines: { type: 'string', default: engines.join() },
    seconds: { type: 'string', default: '120' },
    seed: { type: 'string', default: '7' },
  },
})
const [runs, seconds] = [Number(values.runs), Number(values.seconds)]

const promises = readPromises()
if (runs > 0 || seconds > 0) {
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit', shell: process.platform === 'win32' })
}
if (runs > 0) {
  for (const engine of engines) {
    if (values.engines.split(',').includes(engine)) promises.engines[engine] = await survivorsIn(engine)
  }
  promises.recorded = RECORDED
}
if (seconds > 0) promises.soak = await soak()
writeFileSync(figuresPath, `${JSON.stringify(promises, null, 2)}\n`)
writeBlock(promisesBlock)

/**
 * @param {Engine} engine
 * @returns {Promise<Measured>}
 */
async function survivorsIn(engine) {
  const kit = await startEngine(engine)
  const survivors = []
  for (const situation of Object.keys(situations)) {
    for (const ending of Object.keys(endings)) {
      let kept = 0
      let inOrder = true
      for (let run = 0; run < runs; run++) {
        const tabs = await kit.freshTabs()
        const found = await survivorsOf(tabs, ending, situation)
        kept += new Set(found).size
        inOrder &&= found.every((n, at) => at === 0 || n > (found[at - 1] ?? 0))
        await tabs.close()
      }
      console.error(`${engine}, ${situation}, ${ending}: ${kept} of ${runs * RECORDED}`)
      survivors.push({ ending, situation, kept, inOrder })
    }
  }
  const { version } = kit
  await kit.close()
  return { version, runs, survivors }
}

/** @returns {Promise<Promises['soak']>} */
async function soak() {
  const seed = Number(values.seed)
  const report = await runSoak({ seconds, seed, tabs: 8, dist: `${repositoryRoot}dist` })
  console.error(textOf(report))
  if (!isClean(report)) throw new Error('The soak found broken promises: no figures are written.')
  const levels = Object.fromEntries(
    Object.entries(report.verdict.levels).map(([level, { events, kept, cleared, duplicated, reordered }]) => [
      level,
      { events, kept, cleared, duplicated, reordered },
    ]),
  )
  return { seconds, seed, tabs: 8, causes: report.causes, levels }
}
