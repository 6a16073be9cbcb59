/** The panel, in a page of its own, and a hand that looks around in it. */
import { openStore } from './package.js'

/** @import { Store } from '../../../src/index.js' */

/** @type {Promise<typeof import('../../../panel/mount.js')>} */
const panelModule = import(/* @vite-ignore */ '/dist/panel.js'.toString())

const TOPICS = [
  'cart',
  'payments',
  'ui',
  'session',
  'inventory',
  'search',
  'auth',
  'sync',
  'net',
  'clock',
  'log',
  'ads',
]
const STEP_MS = 40

/** @type {Store | null} */
let store = null
/** @type {{ unmount(): void } | null} */
let panel = null

/** @param {{ name: string, count: number }} into */
export async function fill({ name, count }) {
  const opened = await openStore(name)
  store = opened
  const startAt = Date.now() - count * 7
  for (let from = 0; from < count; from += TOPICS.length * 1000) {
    const batches = TOPICS.map((topic, own) => {
      const events = Math.min(1000, Math.max(0, count - from - own * 1000))
      const drafts = Array.from({ length: events }, (_, at) => ({
        type: `type-${at % 7}`,
        data: { n: from + at, amount: (at * 37) % 500, user: { id: `u${at % 400}` } },
        time: startAt + (from + at * TOPICS.length + own) * 7,
      }))
      return opened.topic(topic).append(drafts)
    })
    await Promise.all(batches)
  }
  // A log of a million events is seldom one that was written a second ago.
  await opened.compact()
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

const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))

/** Milliseconds from mounting to the bars of the whole range. The first time, the writer has no index of the times yet. */
export async function mount() {
  if (store === null) throw new Error('Nothing is filled.')
  localStorage.clear()
  document.body.style.cssText = 'margin: 0; height: 100vh'
  const { mountPanel } = await panelModule
  const startedAt = performance.now()
  panel = mountPanel(document.body, store)
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

/** Milliseconds until every event is found, from now on. @param {{ count: number }} of */
export async function searchAll({ count }) {
  const startedAt = performance.now()
  while (element('[role=grid]').getAttribute('aria-rowcount') !== String(count)) await frame()
  return performance.now() - startedAt
}

/** Zooms, pans and scrolls for so long.
 * @param {number} forMs */
export async function lookAround(forMs) {
  const frames = []
  const work = []
  let longest = 0
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration)
  })
  observer.observe({ entryTypes: ['longtask'] })
  const plot = element('.lane-plot')
  const grid = element('[role=grid]')
  const bounds = plot.getBoundingClientRect()
  const startedAt = performance.now()
  let before = startedAt
  for (let step = 0; performance.now() - startedAt < forMs; step++) {
    const phase = Math.floor((performance.now() - startedAt) / STEP_MS / 50) % 3
    const began = performance.now()
    const clientX = bounds.left + bounds.width * (0.5 + 0.3 * Math.sin(step / 40))
    const wheel = (/** @type {WheelEventInit} */ by) =>
      plot.dispatchEvent(new WheelEvent('wheel', { clientX, bubbles: true, cancelable: true, ...by }))
    if (phase === 0) wheel({ deltaY: Math.sin(step / 60) > 0 ? -25 : 25 })
    else if (phase === 1) wheel({ deltaX: 30 * Math.sin(step / 50) })
    else grid.scrollTop += 3000 * Math.sin(step / 30)
    // What the panel does about it, it does in tasks before the next frame; its own messages are counted with it.
    await new Promise((resolve) => setTimeout(resolve))
    work.push(performance.now() - began)
    await frame()
    frames.push(performance.now() - before)
    before = performance.now()
  }
  observer.disconnect()
  return { frame: p95(frames.slice(5)), work: p95(work.slice(5)), longest }
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

export function heapBytes() {
  return /** @type {{ memory?: { usedJSHeapSize: number } }} */ (performance).memory?.usedJSHeapSize ?? NaN
}

export function unmount() {
  panel?.unmount()
  panel = null
}

/** @param {number[]} samples */
function p95(samples) {
  return samples.sort((a, b) => a - b)[Math.floor(samples.length * 0.95)] ?? NaN
}
