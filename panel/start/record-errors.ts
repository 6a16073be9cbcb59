import { address } from './address.js'
import { atMostPerSecond } from './at-most-per-second.js'
import { describeReason } from './describe-reason.js'
import type { Recorder } from './emit.js'
import { listen, stopAll } from './listen.js'

const MOST_PER_SECOND = 20

/** Uncaught errors, unhandled rejections, and elements whose resource failed to load. */
export const recordErrors: Recorder = (emit, target = window) => {
  const here = target.location
  const limited = atMostPerSecond(MOST_PER_SECOND, emit, () => target.performance.now())
  return stopAll([
    listen(emit, target, 'error', (event) => {
      if (event.target instanceof target.Element) return limited('load-failed', failedLoad(event.target, here.href))
      const source = event.filename ? `${address(event.filename, here.href)}:${event.lineno}:${event.colno}` : null
      // The browser hides the error of a script from another origin: then only `message` is there.
      const described = event.error == null ? { name: 'Error', message: event.message } : describeReason(event.error)
      limited('error', { ...described, source })
    }),
    listen(emit, target, 'unhandledrejection', (event) => limited('rejection', { ...describeReason(event.reason) })),
  ])
}

function failedLoad(element: Element, here: string): Record<string, unknown> {
  const url = element.getAttribute('src') ?? element.getAttribute('href')
  return { element: element.localName, name: url === null ? null : address(url, here) }
}
