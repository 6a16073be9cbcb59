/** The panel, in a page of its own, and a hand that looks around in it. */
import { keepInFlight } from './in-flight.js'
import { openStore } from './package.js'

/** @import { Store } from '../../../src/index.js' */

/** @type {Promise<typeof import('../../../panel/mount.js')>} */
const panelModule = import(/* @vite-ignore */ '/dist/panel.js'.toString())

const STEP_MS = 40

/** @type {Store | null} */
let store = null
/** @type {{ unmount(): void } | null} */
let panel = null

/** @param {string} name */
export async function open(name) {
  store = await openStore(name)
}

/** Topics in turn, one event every seven milliseconds. @param {{ count: number, topics: number }} into */
export async function fill({ count, topics }) {
  // Over and done with: what is recorded from now on is later.
  const startAt = Date.now() - count * 7 - 3_600_000
  for (let from = 0; from < count; from += topics * 1000) {
    const batches = Array.from({ length: topics }, (_, own) => {
      const events = Math.min(1000, Math.max(0, count - from - own * 1000))
      const drafts = Array.from({ length: events }, (_, at) => ({
        type: `type-${at % 7}`,
        data: { n: from + at, amount: (at * 37) % 500, user: { id: `u${at % 400}` } },
        time: startAt + (from + at * topics + own) * 7,
      }))
      return opened().topic(`topic-${own}`).append(drafts)
    })
    await Promise.all(batches)
  }
}

/** A log of a million events is seldom one that was written a second ago. */
export async function compact() {
  await opened().compact()
}

/** From now on so many events a second. @param {{ perSecond: number, topics: number }} rate */
export function arrive({ perSecond, topics }) {
  let n = 0
  setInterval(() => {
    for (let due = perSecond / 50; due > 0; due--) {
      opened()
        .topic(`topic-${n % topics}`)
        .record(`type-${n % 7}`, { n, amount: (n * 37) % 500 })
      n++
    }
  }, 20)
}

/** @param {number} count @returns milliseconds until so many events are stored */
export async function append(count) {
  const batches = Array.from({ length: count / 1000 }, (_, batch) =>
    Array.from({ length: 1000 }, (_, at) => ({
      type: `type-${at % 7}`,
      data: { n: batch * 1000 + at, s: 'x'.repeat(64) },
    })),
  )
  const topic = opened().topic('topic-0')
  const startedAt = performance.now()
  await keepInFlight(batches, 24, (batch) => topic.append(batch))
  return performance.now() - startedAt
}

function opened() {
  if (store === null) throw new Error('No store is open.')
  return store
}

function root() {
  const found = document.querySelector('.tabscribe-panel')?.shadowRoot
  if (!found) throw new Error('The panel is not mounted.')
  return found
}

/**
 * @param {string} selector
 * @returns {HTMLElement}
 */
function element(selector) {
  const found = root().querySelector(selector)
  if (!(found instanceof HTMLElement)) throw new Error(`The panel has no ${selector}.`)
  return found
}

/** @returns {Promise<number>} */
const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))

/** Milliseconds from mounting to the bars of the whole range. The first time, the writer has no index of the times yet. */
export async function mount() {
  localStorage.clear()
  document.body.style.cssText = 'margin: 0; height: 100vh'
  const { mountPanel } = await panelModule
  const startedAt = performance.now()
  panel = mountPanel(document.body, opened())
  while (!isPainted('.lane-bars')) {
    if (performance.now() - startedAt > 60_000) throw new Error('The panel does not show its events.')
    await frame()
  }
  return performance.now() - startedAt
}

/** @param {string} selector */
function isPainted(selector) {
  const canvas = root().querySelector(selector)
  if (!(canvas instanceof HTMLCanvasElement) || canvas.width < 2) return false
  const { width, height } = canvas
  const pixels = canvas.getContext('2d')?.getImageData(0, 0, width, height).data
  return pixels?.some((byte) => byte > 0) ?? false
}

/** Milliseconds until all events are counted one by one, from now on. */
export async function countAll() {
  const startedAt = performance.now()
  while (root().querySelector('.lanes-counting') !== null) await frame()
  return performance.now() - startedAt
}

/** Milliseconds until every event is found, from now on. @param {{ count: number }} of */
export async function searchAll({ count }) {
  const startedAt = performance.now()
  while (element('[role=grid]').getAttribute('aria-rowcount') !== String(count)) await frame()
  return performance.now() - startedAt
}

/** Milliseconds between frames, for 95 of 100, while nothing happens. @param {number} forMs */
export async function framesOf(forMs) {
  return pace(forMs, () => {})
}

/** Zooms, pans and scrolls for so long. Milliseconds between frames, for 95 of 100.
 * @param {number} forMs */
export async function lookAround(forMs) {
  const plot = element('.lane-plot')
  const grid = element('[role=grid]')
  const bounds = plot.getBoundingClientRect()
  return pace(forMs, (step, sinceMs) => {
    const phase = Math.floor(sinceMs / STEP_MS / 50) % 3
    const clientX = bounds.left + bounds.width * (0.5 + 0.3 * Math.sin(step / 40))
    const wheel = (/** @type {WheelEventInit} */ by) =>
      plot.dispatchEvent(new WheelEvent('wheel', { clientX, bubbles: true, cancelable: true, ...by }))
    if (phase === 0) wheel({ deltaY: Math.sin(step / 60) > 0 ? -25 : 25 })
    else if (phase === 1) wheel({ deltaX: 30 * Math.sin(step / 50) })
    else grid.scrollTop += 3000 * Math.sin(step / 30)
  })
}

/**
 * Does a step in each frame. Milliseconds between frames, for 95 of 100, by the times at which the browser says that
 * they began: one that is missed shows as an interval of two.
 * @param {number} forMs
 * @param {(step: number, sinceMs: number) => void} doStep
 */
async function pace(forMs, doStep) {
  const intervals = []
  const startedAt = performance.now()
  let before = await frame()
  for (let step = 0; performance.now() - startedAt < forMs; step++) {
    doStep(step, performance.now() - startedAt)
    const now = await frame()
    performance.mark('frame')
    intervals.push(now - before)
    before = now
  }
  return p95(intervals.slice(5))
}

/** Milliseconds a key takes until the page is free again, for 95 of 100. */
export async function typeFilter() {
  const input = element('[role=searchbox]')
  if (!(input instanceof HTMLInputElement)) throw new Error('The filter is no field.')
  const took = []
  for (const text of ['topic:cart', 'data.amount>100', '"u12"']) {
    for (let at = 1; at <= text.length; at++) {
      const began = performance.now()
      input.value = text.slice(0, at)
      input.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }))
      await new Promise((resolve) => setTimeout(resolve))
      took.push(performance.now() - began)
      await frame()
    }
  }
  input.value = ''
  input.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }))
  return p95(took)
}

/** Milliseconds from a text in the filter, which the data of few events holds, to the first of them. */
export async function firstHits() {
  const grid = element('[role=grid]')
  const input = element('[role=searchbox]')
  if (!(input instanceof HTMLInputElement)) throw new Error('The filter is no field.')
  const all = grid.getAttribute('aria-rowcount')
  const startedAt = performance.now()
  input.value = '"u12"'
  input.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }))
  while ([all, '0'].includes(grid.getAttribute('aria-rowcount'))) await frame()
  const took = performance.now() - startedAt
  input.value = ''
  input.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }))
  while (grid.getAttribute('aria-rowcount') !== all) await frame()
  return took
}

/** Of the page and all that is in it. */
export async function memoryBytes() {
  const own = /** @type {{ measureUserAgentSpecificMemory?: () => Promise<{ bytes: number }> }} */ (performance)
  return (await own.measureUserAgentSpecificMemory?.())?.bytes ?? NaN
}

export function unmount() {
  panel?.unmount()
  panel = null
}

/** @param {number[]} samples */
function p95(samples) {
  return samples.sort((a, b) => a - b)[Math.floor(samples.length * 0.95)] ?? NaN
}
