import type { Health, Store } from '../../src/index.js'
import type { Stop } from './emit.js'

const EVERY_MS = 2000

/** Asks the store how it is, at once and every two seconds while the page can be seen. */
export function watchHealth(
  store: Pick<Store, 'health'>,
  onHealth: (health: Health) => void,
  onFailure: (error: unknown) => void,
): Stop {
  let asking = false
  const ask = () => {
    if (asking || document.visibilityState === 'hidden') return
    asking = true
    store
      .health()
      .then(onHealth, onFailure)
      .finally(() => (asking = false))
  }
  const timer = setInterval(ask, EVERY_MS)
  document.addEventListener('visibilitychange', ask)
  ask()
  return () => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', ask)
  }
}

/** 'this tab 3fa91c · shared-worker · 2 tabs' */
export function healthLine(producer: string, health: Health): string {
  const tabs = health.tabs > 0 ? ` · ${health.tabs} ${health.tabs === 1 ? 'tab' : 'tabs'}` : ''
  return `this tab ${producer.slice(0, 6)} · ${health.host}${tabs}`
}
