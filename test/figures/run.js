/**
 * `npm run figures`: measures what README says of its promises, and writes it there.
 *
 *   npm run figures                              ten runs of every ending, two minutes of soak
 *   npm run figures -- --runs 3 --seconds 30     a first look
 *   npm run figures -- --runs 0                  only writes the table anew from the last figures
 */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { repositoryRoot, startKit } from '../kit/browser.js'
import { writeBlock } from '../kit/readme-block.js'
import { endings, RECORDED, situations, survivorsOf } from '../kit/survivors.js'
import { isClean, textOf } from '../soak/report.js'
import { runSoak } from '../soak/soak.js'
import { figuresPath, promisesBlock } from './promises.js'

/** @import { Promises } from './promises.js' */

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '120' },
    seed: { type: 'string', default: '7' },
  },
})
const runs = Number(values.runs)

if (runs > 0) {
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit', shell: process.platform === 'win32' })
  const measured = await measure(runs, Number(values.seconds), Number(values.seed))
  writeFileSync(figuresPath, `${JSON.stringify(measured, null, 2)}\n`)
}
writeBlock(promisesBlock)

/**
 * @param {number} runs
 * @param {number} seconds
 * @param {number} seed
 * @returns {Promise<Promises>}
 */
async function measure(runs, seconds, seed) {
  const kit = await startKit()
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
      console.error(`${situation}, ${ending}: ${kept} of ${runs * RECORDED}`)
      survivors.push({ ending, situation, kept, inOrder })
    }
  }
  const chromium = kit.browser.version()
  await kit.close()
  const report = await runSoak({ seconds, seed, tabs: 8, dist: `${repositoryRoot}dist` })
  console.error(textOf(report))
  if (!isClean(report)) throw new Error('The soak found broken promises: no figures are written.')
  const levels = Object.fromEntries(
    Object.entries(report.verdict.levels).map(([level, { events, kept, cleared, duplicated, reordered }]) => [
      level,
      { events, kept, cleared, duplicated, reordered },
    ]),
  )
  return {
    chromium,
    recorded: RECORDED,
    runs,
    survivors,
    soak: { seconds, seed, tabs: 8, causes: report.causes, levels },
  }
}
