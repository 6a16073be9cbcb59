/**
 * What happens when: the same for the same seed, length and number of tabs. What it meets there is not: tabs and
 * browsers take the time they take.
 */
import { Random } from './random.js'

/**
 * How a tab is opened.
 * @typedef {object} Kind
 * @property {'auto' | 'shared-worker' | 'leader' | 'inline'} host in a leader's page there is no SharedWorker
 * @property {'a' | 'b'} version of the app: another script, another worker, the same store
 * @property {'none' | 'start' | 'live' | 'store'} subscribe
 * @property {'relaxed' | 'strict'} durability
 */

/**
 * Something a tab does. `id` rises in the order of the schedule, so in the order of what any one tab does.
 * @typedef {object} Action
 * @property {number} id
 * @property {number} at milliseconds from the start
 * @property {number} slot
 * @property {ActionName} do
 * @property {number} count of events
 * @property {number} bytes of padding in each of them
 * @property {number} of an earlier action, for 'retry'
 * @property {Kind | null} again how the tab is opened again, for those that end it
 */

/**
 * Something that happens to all.
 * @typedef {object} Blow
 * @property {number} at
 * @property {'kill-workers' | 'kill-leader' | 'abort' | 'wall' | 'lift'} do
 * @property {'page' | 'shared' | 'dedicated'} where transactions fail, for 'abort'
 * @property {'start' | 'commit' | 'throw' | 'close'} how they do
 * @property {number} times
 */

/** @typedef {{ seed: number, seconds: number, kinds: Kind[], actions: Action[], blows: Blow[], finale: Action[] }} Schedule in the finale all tabs end at once */

const WORK = {
  record: 30,
  'record-many': 4,
  'record-large': 2,
  'record-read': 4,
  mixed: 6,
  'record-side': 5,
  append: 11,
  'append-batch': 7,
  'append-ids': 5,
  retry: 4,
  expect: 5,
  'clear-side': 2,
  flush: 4,
  read: 6,
  compact: 1,
  reopen: 1,
}

const ENDS = { close: 2, 'close-at-once': 2, navigate: 2, 'navigate-later': 1, crash: 3, storm: 2 }

/** @typedef {keyof typeof WORK | keyof typeof ENDS} ActionName */

/** Of all actions, those that end their tab. */
const ENDS_SHARE = 0.045

/** Of padding. */
const BYTES = [0, 8, 8, 40, 200]

const FIRST_HOSTS = /** @type {const} */ (['auto', 'auto', 'leader', 'leader', 'inline', 'inline', 'shared-worker'])

/**
 * @param {{ seed: number, seconds: number, tabs: number }} options
 * @returns {Schedule}
 */
export function scheduleOf({ seed, seconds, tabs }) {
  const random = new Random(seed)
  const endAt = seconds * 1000
  const kinds = Array.from({ length: tabs }, (_, slot) =>
    kindOf(random, FIRST_HOSTS[slot % FIRST_HOSTS.length] ?? 'auto', slot % 2 === 0 ? 'a' : 'b'),
  )
  const clocks = kinds.map(() => random.int(0, 400))
  /** @type {Action[]} */
  const actions = []
  /** @type {Action[]} */
  const withIds = []
  let id = 1
  for (; ; id++) {
    const at = Math.min(...clocks)
    if (at >= endAt) break
    const slot = clocks.indexOf(at)
    const action = actionOf(random, { id, at, slot }, withIds)
    if (action.do === 'append-ids') withIds.push(action)
    actions.push(action)
    clocks[slot] = at + (action.again ? random.int(300, 900) : random.int(60, 520))
  }
  const blows = blowsOf(random, endAt)
  const finale = kinds.map((_, slot) => endOf(random, { id: id++, at: endAt, slot }))
  return { seed, seconds, kinds, actions, blows, finale }
}

/**
 * @param {Random} random
 * @param {Kind['host']} [host]
 * @param {Kind['version']} [version]
 * @returns {Kind}
 */
function kindOf(random, host, version) {
  return {
    host: host ?? random.weighted({ auto: 4, 'shared-worker': 1, leader: 3, inline: 3 }),
    version: version ?? random.pick(/** @type {const} */ (['a', 'b'])),
    subscribe: random.weighted({ none: 3, start: 2, live: 2, store: 1 }),
    durability: random.chance(0.1) ? 'strict' : 'relaxed',
  }
}

/**
 * @param {Random} random
 * @param {{ id: number, at: number, slot: number }} place
 * @param {Action[]} withIds
 * @returns {Action}
 */
function actionOf(random, place, withIds) {
  if (random.chance(ENDS_SHARE)) return endOf(random, place)
  const wanted = random.weighted(WORK)
  const name = wanted === 'retry' && withIds.length === 0 ? 'append' : wanted
  const tried = name === 'retry' ? withIds.at(-random.int(1, Math.min(20, withIds.length))) : undefined
  if (tried) return { ...tried, ...place, do: name, of: tried.id }
  const bytes = name === 'record-large' ? random.int(70_000, 200_000) : random.pick(BYTES)
  return { ...place, do: name, count: countOf(random, name), bytes, of: 0, again: null }
}

/**
 * @param {Random} random
 * @param {{ id: number, at: number, slot: number }} place
 * @returns {Action}
 */
function endOf(random, place) {
  const count = random.pick([1, 10, 50, 50, 400])
  return { ...place, do: random.weighted(ENDS), count, bytes: random.pick(BYTES), of: 0, again: kindOf(random) }
}

/**
 * @param {Random} random
 * @param {ActionName} name
 */
function countOf(random, name) {
  switch (name) {
    case 'append':
    case 'expect':
      return 1
    case 'append-batch':
    case 'append-ids':
      return random.int(2, 30)
    case 'record-large':
      return random.int(1, 3)
    case 'record-many':
      return random.pick([200, 600, 1500, 6000])
    case 'record':
      return random.int(1, 20)
    default:
      return random.pick([1, 10, 50])
  }
}

/**
 * One of each at least, and then at random.
 * @param {Random} random
 * @param {number} endAt
 * @returns {Blow[]}
 */
function blowsOf(random, endAt) {
  const blow = { where: /** @type {const} */ ('page'), how: /** @type {const} */ ('start'), times: 0 }
  /** @type {Blow[]} */
  const blows = []
  for (let at = random.int(2000, 4000); at < endAt; at += random.int(2500, 6000)) {
    blows.push({ ...blow, at, do: 'kill-workers' })
  }
  for (let at = random.int(3000, 6000); at < endAt; at += random.int(5000, 10_000)) {
    blows.push({ ...blow, at, do: 'kill-leader' })
  }
  for (let at = random.int(1000, 2000); at < endAt; at += random.int(1000, 3000)) {
    const where = random.pick(/** @type {const} */ (['page', 'shared', 'dedicated']))
    const how = random.pick(/** @type {const} */ (['start', 'commit', 'throw', 'close']))
    blows.push({ at, do: 'abort', where, how, times: random.int(1, 4) })
  }
  for (let at = random.int(6000, 9000); at + 4000 < endAt; at += random.int(15_000, 30_000)) {
    blows.push({ ...blow, at, do: 'wall' }, { ...blow, at: at + random.int(800, 2500), do: 'lift' })
  }
  return blows.toSorted((a, b) => a.at - b.at)
}
