import type { JSX } from 'preact'

const PATHS = {
  pause: 'M5 3.5v9M11 3.5v9',
  play: 'M4.5 3l8 5-8 5z',
  export: 'M8 2v8m0 0l-3-3m3 3l3-3M3 13.5h10',
  clear: 'M3 4.5h10M6.5 4.5V3h3v1.5M4.5 4.5l.6 8.5h5.8l.6-8.5',
  close: 'M4 4l8 8m0-8l-8 8',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zm3.3-1.2L14 14',
  up: 'M3.5 10L8 5.5l4.5 4.5',
  down: 'M3.5 6L8 10.5 12.5 6',
  right: 'M6 4l4 4-4 4',
  back: 'M10 3.5L5.5 8l4.5 4.5',
  previous: 'M10 3.5L5.5 8l4.5 4.5',
  next: 'M6 3.5L10.5 8 6 12.5',
  help: 'M5.5 6a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.6M8 12.4v.1',
  settings: 'M2.5 4.5h5m3 0h3M7.5 3v3h3V3zM2.5 11.5h2m3 0h6M4.5 10v3h3v-3z',
  file: 'M9 2.5H4.5v11h7V5L9 2.5zm0 0V5h2.5',
  plus: 'M8 3.5v9M3.5 8h9',
  minus: 'M3.5 8h9',
  fit: 'M2.5 8h11m-11 0l2.5-2.5M2.5 8L5 10.5M13.5 8L11 5.5M13.5 8L11 10.5',
  pin: 'M6 2.5h4l-.5 4.5 2 2h-7l2-2L6 2.5zM8 9v4.5',
  eye: 'M1.5 8S4 4 8 4s6.5 4 6.5 4S12 12 8 12 1.5 8 1.5 8zM8 9.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3z',
  compare: 'M5.5 3v10M10.5 3v10M5.5 5.5h-3m11 5h-3',
  live: 'M8 3v8m0 0l-3.5-3.5M8 11l3.5-3.5M3.5 13.5h9',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  )
}
