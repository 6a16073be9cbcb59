/** @typedef {'ms' | 'µs' | 'bytes' | '×' | '/s' | 'MB/s' | '%'} Unit */

/** @typedef {{ median: number, min: number, max: number }} Spread */

/** @typedef {Spread & { unit: Unit, eventsPerSecond?: number }} Figure */

/** @typedef {{ atLeast: number, aim?: number } | { atMost: number, aim?: number }} Target */

/**
 * One line of the table.
 * @typedef {object} Row
 * @property {string} case
 * @property {Figure} [tabscribe]
 * @property {string} [peer] whom or what it is compared with
 * @property {Figure} [peerFigure]
 * @property {Spread} [ratio] what the target is about, higher or lower being better by the target's kind
 * @property {Unit} [ratioUnit] default ×
 * @property {Target} [target]
 * @property {string} [trouble] why there is no ratio
 */

/** @typedef {string | Figure} Cell */

/**
 * A table of its own, beside the one of rows.
 * @typedef {object} Table
 * @property {string} title
 * @property {string} about how it was measured
 * @property {string[]} head
 * @property {Cell[][]} body a short row is one that has nothing more to say
 * @property {number} [rounds] where they are fewer than asked for
 * @property {boolean} [inReadme]
 */

/** @typedef {Row | Table} Line */

/**
 * @param {readonly number[]} samples
 * @returns {Spread}
 */
export function spreadOf(samples) {
  const sorted = [...samples].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? NaN
  const median = sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? NaN)) / 2
  return { median, min: sorted[0] ?? NaN, max: sorted.at(-1) ?? NaN }
}

/**
 * @param {readonly number[]} samples
 * @param {Unit} unit
 * @param {number} [events] how many events a sample in ms handled
 * @returns {Figure}
 */
export function figureOf(samples, unit, events) {
  const spread = spreadOf(samples)
  return { ...spread, unit, ...(events === undefined ? {} : { eventsPerSecond: (events / spread.median) * 1000 }) }
}

/**
 * Round by round, since rounds are where two contenders had the same machine.
 * @param {readonly number[]} over
 * @param {readonly number[]} under
 */
export function ratioOf(over, under) {
  return spreadOf(over.map((sample, round) => sample / (under[round] ?? NaN)))
}

/**
 * How many times faster than the peer.
 * @param {string} name
 * @param {readonly number[]} own samples in ms
 * @param {string} peer
 * @param {readonly number[]} theirs
 * @param {number} events
 * @param {Target} [target]
 * @returns {Row}
 */
export function fasterThan(name, own, peer, theirs, events, target) {
  return {
    case: name,
    tabscribe: figureOf(own, 'ms', events),
    peer,
    peerFigure: figureOf(theirs, 'ms', events),
    ratio: ratioOf(theirs, own),
    ...(target ? { target } : {}),
  }
}

/**
 * How many times the cost of something else of its own.
 * @param {string} name
 * @param {readonly number[]} own
 * @param {string} peer
 * @param {readonly number[]} theirs
 * @param {Unit} unit
 * @param {Target} [target]
 * @returns {Row}
 */
export function timesTheCost(name, own, peer, theirs, unit, target) {
  return {
    case: name,
    tabscribe: figureOf(own, unit),
    peer,
    peerFigure: figureOf(theirs, unit),
    ratio: ratioOf(own, theirs),
    ...(target ? { target } : {}),
  }
}

/**
 * A cost with a limit of its own.
 * @param {string} name
 * @param {readonly number[]} own
 * @param {Unit} unit
 * @param {number} atMost
 * @returns {Row}
 */
export function costs(name, own, unit, atMost) {
  const figure = figureOf(own, unit)
  return { case: name, tabscribe: figure, ratio: figure, ratioUnit: unit, target: { atMost } }
}
