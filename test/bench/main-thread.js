/** What the main thread of a page did, told by the browser itself: a page cannot see its own layout and painting. */

/** @import { Browser, Page } from 'playwright-core' */

/** Of each frame; marked by the page, which calls `performance.mark('frame')` in each. */
export const FRAME_MARK = 'frame'

const CATEGORIES = ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline', 'blink.user_timing']

/** @typedef {{ name: string, ph: string, ts: number, dur?: number, tdur?: number, pid: number, tid: number }} TraceEvent */

/**
 * Milliseconds of work in each frame, and of the longest task, while `body` runs: of the thread's own time, whoever
 * else wanted the machine.
 * @param {Browser} browser
 * @param {Page} page
 * @param {() => Promise<unknown>} body
 */
export async function traceMainThread(browser, page, body) {
  await browser.startTracing(page, { categories: CATEGORIES })
  await body()
  const trace = /** @type {{ traceEvents: TraceEvent[] }} */ (JSON.parse((await browser.stopTracing()).toString()))
  return workPerFrame(trace.traceEvents)
}

/** @param {TraceEvent[]} events */
function workPerFrame(events) {
  const marks = events.filter(({ name, ph }) => name === FRAME_MARK && ph !== 'M').sort((a, b) => a.ts - b.ts)
  const [first] = marks
  if (first === undefined) throw new Error('The page has marked no frame.')
  const tasks = events
    .filter(({ name, pid, tid }) => name === 'RunTask' && pid === first.pid && tid === first.tid)
    .sort((a, b) => a.ts - b.ts)
  const frames = marks.map(() => 0)
  let longest = 0
  let frame = 0
  for (const { ts, dur = 0, tdur = dur } of tasks) {
    // The task that holds a mark is the first of its frame.
    while (frame < marks.length && (marks[frame]?.ts ?? Infinity) < ts + dur) frame++
    if (frame === 0 || frame === marks.length) continue
    frames[frame - 1] = (frames[frame - 1] ?? 0) + tdur / 1000
    longest = Math.max(longest, tdur / 1000)
  }
  return { frames: frames.slice(0, -1), longest }
}
