import { useEffect, useState } from 'preact/hooks'
import { faultText } from '../model/fault-text.js'

export interface Polled<T> {
  value: T | null
  /** What the last question came to, where it failed. */
  fault: string | null
}

/** Asks again so long after each answer, while it is mounted and the page is seen. */
export function usePolled<T>(ask: () => Promise<T>, everyMs: number, about: unknown): Polled<T> {
  const [polled, setPolled] = useState<Polled<T>>({ value: null, fault: null })
  useEffect(() => {
    let stopped = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const run = async (): Promise<void> => {
      if (!document.hidden) {
        try {
          const value = await ask()
          if (!stopped) setPolled({ value, fault: null })
        } catch (error) {
          if (!stopped) setPolled((before) => ({ ...before, fault: faultText(error) }))
        }
      }
      if (!stopped) timer = setTimeout(() => void run(), everyMs)
    }
    void run()
    return () => {
      stopped = true
      clearTimeout(timer)
    }
  }, [about, everyMs])
  return polled
}
