/** Figures as Markdown: ratios first, each with its spread. */
import { tableRow } from '../kit/readme-block.js'

/** @import { Machine } from './machine.js' */
/** @import { Cell, Figure, Line, Row, Spread, Table, Target, Unit } from './row.js' */

/**
 * @typedef {object} Report
 * @property {Machine} machine
 * @property {boolean} quick
 * @property {number} rounds
 * @property {Record<string, Line[]>} cases
 */

/** @param {Report} report */
export function toMarkdown({ machine, quick, rounds, cases }) {
  const lines = Object.values(cases).flat()
  const rows = lines.filter((line) => 'case' in line)
  const tables = Object.entries(cases).flatMap(([name, own]) =>
    own.flatMap((line) => ('body' in line ? [sectionText(line, name, rounds)] : [])),
  )
  const targets = markdownTable(['case', 'ratio', 'target', 'verdict', 'tabscribe', 'peer'], rows.map(cells))
  return [
    `# Benchmark${quick ? ' (a quick look: few rounds, small sizes)' : ''}`,
    machineText(machine),
    `${method} The table of targets: ${roundsText(rounds)}.`,
    ...(rows.length > 0 ? [targets] : []),
    ...tables,
    '',
  ].join('\n\n')
}

export const method =
  'Medians and spreads (lowest–highest) of interleaved rounds; ratios are taken within a round. Profile on disk, relaxed durability.'

/** @param {Machine} machine */
export function machineText({ date, cpu, cores, memoryGiB, system, node, browser, packages }) {
  const versions = Object.entries(packages).map(([name, version]) => `${name} ${version}`)
  return `${date.slice(0, 10)} · ${cpu}, ${cores} cores, ${memoryGiB} GiB · ${system} · ${browser} · Node ${node} · ${versions.join(' · ')}.`
}

/**
 * @param {Table} table
 * @param {string} name of its case
 * @param {number} asked rounds
 */
export function sectionText({ title, about, head, body, rounds }, name, asked) {
  const rows = body.map((row) => [...row.map(cellText), ...head.slice(row.length).map(() => '')])
  return `**${title}** (\`npm run bench -- ${name}\`, ${roundsText(rounds ?? asked)}). ${about}\n\n${markdownTable(head, rows)}`
}

/** @param {number} rounds */
function roundsText(rounds) {
  return rounds === 1 ? 'one round' : `${rounds} rounds`
}

/**
 * @param {string[]} head
 * @param {string[][]} rows
 */
function markdownTable(head, rows) {
  return [tableRow(head), tableRow(head.map(() => '---')), ...rows.map(tableRow)].join('\n')
}

/** @param {Cell} cell */
function cellText(cell) {
  return typeof cell === 'string' ? cell : figureText(cell)
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
function verdictOf(value, target) {
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
 * @param {Unit} unit
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
 * @param {Unit} unit
 */
function spread({ median, min, max }, unit) {
  const middle = inUnit(median, unit)
  if (min === max) return middle
  const [low, high] = [inUnit(min, unit), inUnit(max, unit)]
  return `${middle} (${low.slice(0, low.lastIndexOf(' '))}–${high.slice(0, high.lastIndexOf(' '))})`
}

/**
 * @param {number} value
 * @param {Unit} unit
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
