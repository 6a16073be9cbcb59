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
  live: 'M8 3v8m0 0l-3.5-3.5M8 11l3.5-3.5M3.5 13.5h9',
} as const

export function Icon({ name }: { name: keyof typeof PATHS }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  )
}
