import { isRange, orNull, type KeptState } from '../model/kept-state.js'
import { fit, pan, within, zoom, type Viewport } from '../model/viewport.js'
import { useKept } from './use-kept.js'

export interface ViewportState {
  /** Null while there is no event. */
  view: Viewport | null
  /** What can be shown at all. */
  whole: Viewport | null
  /** Shows all, and goes on doing so as events come in. */
  isFit: boolean
  set(view: Viewport): void
  /** `fraction`: what stays in place, 0 the left edge, 1 the right one. */
  zoom(factor: number, fraction?: number): void
  pan(fraction: number): void
  fit(): void
}

export function useViewport(kept: KeptState, first: number | null, last: number | null): ViewportState {
  const [chosen, setChosen] = useKept<Viewport | null>(kept, 'viewport', orNull(isRange), null)
  const whole = first === null || last === null ? null : fit(first, last)
  const view = whole === null ? null : chosen === null ? whole : within(chosen, whole)
  return {
    view,
    whole,
    isFit: chosen === null,
    set(next) {
      if (whole !== null) setChosen(within(next, whole))
    },
    zoom(factor, fraction = 0.5) {
      if (view !== null && whole !== null) setChosen(zoom(view, factor, fraction, whole))
    },
    pan(fraction) {
      if (view !== null && whole !== null) setChosen(pan(view, fraction, whole))
    },
    fit: () => setChosen(null),
  }
}
