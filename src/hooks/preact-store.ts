import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'

/** React's hook of this name, for which Preact would have to bring all of preact/compat. Preact renders in one go. */
export function useSyncExternalStore<T>(subscribe: (onChange: () => void) => () => void, read: () => T): T {
  const value = read()
  const drawn = useRef({ value, read })
  const [, redraw] = useState({})
  useLayoutEffect(() => {
    drawn.current = { value, read }
  })
  useEffect(() => {
    const look = (): void => {
      if (!Object.is(drawn.current.value, drawn.current.read())) redraw({})
    }
    const leave = subscribe(look)
    // It may have changed since it was drawn.
    look()
    return leave
  }, [subscribe])
  return value
}
