import { useEffect, useRef, useState } from 'preact/hooks'
import { LatestWins } from '../model/latest-wins.js'

export interface Asked<T> {
  /** The last answer, also while the next one is on its way. */
  value: T | null
  isStale: boolean
  fault: unknown
}

const SHORT_GAP_MS = 100

/**
 * Answers to a question that changes: one is asked at a time, not sooner than `gapMs` after the one before, and the
 * newest always. Its signal tells that another is wanted by now. Null asks nothing.
 */
export function useAsked<T>(
  ask: ((signal: AbortSignal) => Promise<T>) | null,
  about: readonly unknown[],
  gapMs: number = SHORT_GAP_MS,
): Asked<T> {
  const [asked, setAsked] = useState<Asked<T>>({ value: null, isStale: true, fault: null })
  const newest = useRef(0)
  const queue = useRef<LatestWins | null>(null)
  useEffect(() => {
    const latest = new LatestWins(gapMs, () => {})
    queue.current = latest
    return () => latest.close()
  }, [])
  useEffect(() => {
    const own = ++newest.current
    const unwanted = new AbortController()
    if (ask === null) return setAsked({ value: null, isStale: false, fault: null })
    setAsked((before) => ({ ...before, isStale: true }))
    queue.current?.ask(async () => {
      const answer = await ask(unwanted.signal).then(
        (value) => ({ value, isStale: false, fault: null }),
        (fault: unknown) => ({ value: null, isStale: false, fault }),
      )
      if (own === newest.current) setAsked(answer)
    })
    return () => unwanted.abort()
  }, about)
  return asked
}
