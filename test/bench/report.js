/** @import { Machine } from './machine.js' */
/** @import { Figure, Row, Spread, Target, Unit } from './row.js' */

/** @typedef {{ machine: Machine, quick: boolean, rounds: number, rows: Row[] }} Report */

/** @param {Report} report */
export function toMarkdown({ machine, quick, rounds, rows }) {
  const packages = Object.entries(machine.packages).map(([name, version]) => `${name} ${version}`)
  return `# Benchmark${quick ? ' (a quick look: few rounds, small sizes)' : ''}

${machine.date} · ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB · ${machine.system} · ${machine.browser} · Node ${machine.node}
${packages.join(' · ')}

Medians and spreads (lowest–highest) of ${rounds} interleaved rounds; ratios are taken within a round. Profile on disk, relaxed durability, time until IndexedDB fired \`complete\`.

| case | ratio | target | verdict | tabscribe | peer |
| --- | --- | --- | --- | --- | --- |
${rows.map((row) => `| ${cells(row).join(' | ')} |`).join('\n')}
`
}

/** @param {Row} row */
function cells(row) {
  const { ratio, ratioUnit = '×', target, tabscribe, peer, peerFigure, trouble } = row
  return [
    row.case,
    ratio ? spread(ratio, ratioUnit) : '–',
    target ? targetText(target, ratioUnit) : '–',
    trouble ?? (ratio && target ? verdictOf(ratio.median, target) : '–'),
    tabscribe ? figureText(tabscribe) : '–',
    [peer, peerFigure && figureText(peerFigure)].filter(Boolean).join(': ') || '–',
  ]
}

/**
 * @param {number} value
 * @param {Target} target
 */
export function verdictOf(value, target) {
  const { aim } = target
  if ('atLeast' in target) {
    if (value < target.atLeast) return `**missed** by ${percent(1 - value / target.atLeast)}`
    return aim === undefined || value < aim ? 'met' : 'met, and the aim'
  }
  if (value > target.atMost) return `**missed** by ${percent(value / target.atMost - 1)}`
  return aim === undefined || value > aim ? 'met' : 'met, and the aim'
}

/**
 * @param {Target} target
 * @param {'×' | Unit} unit
 */
function targetText(target, unit) {
  const [sign, bound] = 'atLeast' in target ? ['≥', target.atLeast] : ['≤', target.atMost]
  const aim = target.aim === undefined ? '' : ` (aim ${inUnit(target.aim, unit)})`
  return `${sign} ${inUnit(bound, unit)}${aim}`
}

/** @param {Figure} figure */
function figureText(figure) {
  const { unit, eventsPerSecond } = figure
  const speed = eventsPerSecond === undefined ? '' : `${Math.round(eventsPerSecond).toLocaleString('en')} /s, `
  return `${speed}${spread(figure, unit)}`
}

/**
 * @param {Spread} spread
 * @param {'×' | Unit} unit
 */
function spread({ median, min, max }, unit) {
  const middle = inUnit(median, unit)
  if (min === max) return middle
  const [low, high] = [inUnit(min, unit), inUnit(max, unit)]
  return `${middle} (${low.slice(0, low.lastIndexOf(' '))}–${high.slice(0, high.lastIndexOf(' '))})`
}

/**
 * @param {number} value
 * @param {'×' | Unit} unit
 */
function inUnit(value, unit) {
  return unit === 'bytes' ? `${digits(value / 2 ** 20)} MiB` : `${digits(value)} ${unit}`
}

/** @param {number} value */
function digits(value) {
  const magnitude = Math.abs(value)
  return value.toLocaleString('en', {
    maximumFractionDigits: magnitude < 1 ? 3 : magnitude < 10 ? 2 : magnitude < 100 ? 1 : 0,
  })
}

/** @param {number} share */
function percent(share) {
  return `${digits(share * 100)} %`
}
