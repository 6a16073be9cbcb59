import { StoreError, type Fault, type Health } from '../../src/index.js'

/** A sentence for the person at the page: what is wrong and what to do. */
export interface Notice {
  text: string
  /** 'alert': nothing is being kept. 'status': it works, less well than it could. */
  level: 'status' | 'alert'
}

const WHAT_TO_DO: Record<Fault['retry'], string> = {
  never: 'Nothing here will mend it; use another browser or profile.',
  now: 'Reload the page to try again.',
  'after-freeing-space': 'Free some disk space, or clear the log, then reload the page.',
  'after-reload': 'Reload the page.',
}

export function noticeOfFault(fault: Pick<Fault, 'message' | 'retry'>): Notice {
  return { level: 'alert', text: `${sentence(fault.message)} ${WHAT_TO_DO[fault.retry]}` }
}

export function noticeOfError(error: unknown): Notice {
  if (error instanceof StoreError) return noticeOfFault(error.fault)
  return noticeOfFault({ message: error instanceof Error ? error.message : String(error), retry: 'after-reload' })
}

/** What health says, if a person should know; null when all is well. */
export function noticeOfHealth(health: Health): Notice | null {
  const why = health.fault?.message ?? health.reason
  const because = why ? ` ${sentence(why)}` : ''
  const then = health.fault ? ` ${WHAT_TO_DO[health.fault.retry]}` : ''
  if (health.state === 'stopped')
    return { level: 'alert', text: `Recording has stopped.${because}${then || ' Reload the page.'}` }
  if (health.state === 'read-only')
    return { level: 'alert', text: `The log can be read but not written.${because}${then || ' Reload the page.'}` }
  if (health.durability === 'memory')
    return {
      level: 'alert',
      text: `Nothing is kept on disk: this log ends with its tabs.${because} Leave private browsing or allow site data to keep it.`,
    }
  if (health.state === 'degraded')
    return { level: 'status', text: `Recording works, but not as it should.${because}${then}` }
  if (health.host === 'inline')
    return {
      level: 'status',
      text: `Heavy recording can be felt on this page: it writes the log itself, not a shared worker.${because}`,
    }
  return null
}

export function showNotice(element: HTMLElement, notice: Notice | null): void {
  element.setAttribute('role', notice?.level ?? 'status')
  const text = notice?.text ?? ''
  // Set only when it changes: a screen reader would say it again.
  if (element.textContent !== text) element.textContent = text
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}
