/** The events that are written, made before any clock runs. */

/** @typedef {{ n: number, s?: string }} BenchEvent */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-'
const latin1 = new TextDecoder('latin1')
/** @type {Map<string, BenchEvent[]>} */
const made = new Map()

/**
 * Events whose JSON takes `size` bytes each: a number and random ASCII. Strings are flat and nobody else's.
 * @param {number} count
 * @param {number} size
 * @returns {BenchEvent[]}
 */
export function eventsOf(count, size) {
  const key = `${count} ${size}`
  let events = made.get(key)
  if (events === undefined) {
    // One set at a time: the largest takes a hundred megabytes.
    made.clear()
    events = Array.from({ length: count }, (_, n) => ({ n, s: randomText(size - `{"n":${n},"s":""}`.length) }))
    made.set(key, events)
  }
  return events
}

/**
 * What an app really records: few types, the same keys and much the same values.
 * @param {number} count
 */
export function realisticEvents(count) {
  const pages = ['/', '/catalogue', '/catalogue/shoes', '/catalogue/shoes/running', '/cart', '/checkout', '/account']
  return Array.from({ length: count }, (_, n) => ({
    n,
    user: { id: 1000 + (n % 37), plan: n % 5 === 0 ? 'pro' : 'free', locale: 'en-GB' },
    page: pages[(n * 7) % pages.length],
    referrer: pages[(n * 3) % pages.length],
    viewport: { width: 1440, height: 900 },
    action: n % 4 === 0 ? 'click' : 'view',
    target: `button[data-testid="item-${n % 250}"]`,
    durationMs: (n * 7919) % 3000,
    experiment: { name: 'new-checkout', variant: n % 2 === 0 ? 'a' : 'b' },
  }))
}

/** @param {number} length */
export function randomBytes(length) {
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536))
  return bytes
}

/** @param {number} length */
function randomText(length) {
  const bytes = randomBytes(length)
  for (let at = 0; at < length; at++) bytes[at] = ALPHABET.charCodeAt((bytes[at] ?? 0) & 63)
  return latin1.decode(bytes)
}
