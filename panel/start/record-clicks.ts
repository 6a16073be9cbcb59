import type { Recorder } from './emit.js'
import { actedOn, describeTarget, isActive } from './event-target.js'
import { listen } from './listen.js'

/** Clicks by a person: role and label of what was clicked, and with what. Never what was typed or chosen. */
export const recordClicks: Recorder = (emit, target = window) =>
  listen(emit, target, 'click', (event) => {
    if (!event.isTrusted) return
    const element = actedOn(event)
    if (element !== null && comesAgain(element)) return
    emit('click', { ...describeTarget(element), by: device(event) })
  })

/** The click on a label is followed by one on its control. */
function comesAgain(element: Element): boolean {
  return !isActive(element) && element.closest('label')?.control?.matches(':enabled') === true
}

function device(event: Event): string {
  const { pointerType, detail } = event as PointerEvent
  // A click made with Enter or Space counts no presses.
  return detail === 0 ? 'keyboard' : pointerType || 'mouse'
}
