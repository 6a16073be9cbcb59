/** Fingers on the screen, as Chromium has them from the machine: by the DevTools protocol. */
import { cdp } from 'vitest/browser'

const STEPS = 5

/**
 * Puts fingers on an element, moves them and lifts them.
 * @param from of each finger, in widths of the element; halfway down
 */
export async function swipe(target: Element, from: readonly number[], to: readonly number[]): Promise<void> {
  await touch('touchStart', target, from)
  for (let step = 1; step <= STEPS; step++) {
    const there = from.map((start, finger) => start + ((to[finger]! - start) * step) / STEPS)
    await touch('touchMove', target, there)
  }
  await touch('touchEnd', target, [])
}

async function touch(type: string, target: Element, fingers: readonly number[]): Promise<void> {
  // Tests run in a frame of the page that is driven.
  const frame = frameElement!.getBoundingClientRect()
  const scale = frame.width / innerWidth
  const { left, width, top, height } = target.getBoundingClientRect()
  const y = frame.top + (top + height / 2) * scale
  const touchPoints = fingers.map((at, id) => ({ x: frame.left + (left + width * at) * scale, y, id }))
  await cdp().send('Input.dispatchTouchEvent', { type: type as 'touchStart', touchPoints })
}
