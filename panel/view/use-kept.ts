import { useCallback, useState } from 'preact/hooks'
import type { KeptState } from '../model/kept-state.js'

/** Like useState, but what it holds survives a reload of the page. */
export function useKept<T>(
  kept: KeptState,
  name: string,
  isExpected: (value: unknown) => value is T,
  otherwise: T,
): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => kept.get(name, isExpected, otherwise))
  const keep = useCallback(
    (next: T) => {
      kept.set(name, next)
      setValue(() => next)
    },
    [kept, name],
  )
  return [value, keep]
}
