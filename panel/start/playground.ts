import { pageElement } from './page-element.js'

const BLOCK_MS = 120
const WIDE = '(min-width: 900px) and (min-height: 600px)'

/** Real things to press, so that there is something to record. They know nothing of the log. */
export function openPlayground(): void {
  const on = (id: string, act: () => void) => pageElement(id, HTMLButtonElement).addEventListener('click', act)
  on('throw', () => {
    throw new Error('Thrown on purpose, from the playground')
  })
  on('reject', () => void Promise.reject(new RangeError('Rejected on purpose, from the playground')))
  on('fetch', () => void fetch(`${location.pathname}?at=${Date.now()}`, { cache: 'no-store' }))
  on('block', () => {
    const until = performance.now() + BLOCK_MS
    while (performance.now() < until);
  })
  pageElement('playground', HTMLDetailsElement).open = matchMedia(WIDE).matches
}
