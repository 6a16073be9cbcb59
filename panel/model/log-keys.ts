import { pageRows, ranksInSight, type LogExtent } from './windowing.js'

export interface LogPlace {
  extent: LogExtent
  top: number
  /** The selected rank. */
  cursor: number | null
}

/** The rank a key selects, possibly past an end; null for a key that selects nothing. */
export function rankForKey(key: string, { cursor, extent, top }: LogPlace): number | null {
  const last = extent.rows - 1
  const sight = ranksInSight(top, extent)
  const here = cursor ?? -1
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return cursor === null ? Math.ceil(top) : here + 1
    case 'ArrowUp':
    case 'k':
      return cursor === null ? sight.first + sight.count - 1 : here - 1
    case 'PageDown':
      return (cursor ?? sight.first) + pageRows(extent)
    case 'PageUp':
      return (cursor ?? sight.first + sight.count) - pageRows(extent)
    case 'Home':
      return 0
    case 'End':
      return last
    default:
      return null
  }
}
