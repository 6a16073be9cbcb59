const grouped = new Intl.NumberFormat('en-US')

/** 1,204 */
export function formatCount(count: number): string {
  return grouped.format(count)
}

/** 812 · 9,999 · 18k · 1.0M */
export function formatShort(count: number): string {
  if (count < 10_000) return formatCount(count)
  if (count < 999_500) return `${Math.round(count / 1000)}k`
  if (count < 999_500_000) return `${(count / 1e6).toFixed(count < 99_950_000 ? 1 : 0)}M`
  return `${(count / 1e9).toFixed(1)}G`
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}

export function formatBytes(bytes: number): string {
  if (bytes < 1000) return plural(bytes, 'byte')
  if (bytes < 999_500) return `${(bytes / 1000).toFixed(bytes < 9950 ? 1 : 0)} kB`
  if (bytes < 999_500_000) return `${(bytes / 1e6).toFixed(1)} MB`
  return `${(bytes / 1e9).toFixed(1)} GB`
}

/** 0.4 ms · 12 ms · 1.25 s; a dash where there is none. */
export function formatMs(ms: number | null): string {
  if (ms === null) return '–'
  if (ms < 1000) return `${ms < 10 ? trimZero(ms.toFixed(1)) : Math.round(ms)} ms`
  return `${(ms / 1000).toFixed(2)} s`
}

export function formatShare(share: number): string {
  return share > 0 && share < 0.001 ? 'under 0.1 %' : `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`
}

export function formatRate(perSecond: number): string {
  const rounded = perSecond < 10 ? Math.round(perSecond * 10) / 10 : Math.round(perSecond)
  return `${formatShort(rounded)} ${rounded === 1 ? 'event' : 'events'}/s`
}

/** +0.4ms · +12ms · +1.25s · +3m05s · +2h05m · +4d */
export function formatDelta(ms: number): string {
  const sign = ms < 0 ? '−' : '+'
  const size = Math.abs(ms)
  if (size < 0.05) return `${sign}0`
  if (size < 10) return `${sign}${trimZero(size.toFixed(1))}ms`
  if (size < 999.5) return `${sign}${Math.round(size)}ms`
  if (size < 59_995) return `${sign}${(size / 1000).toFixed(2)}s`
  const seconds = Math.round(size / 1000)
  if (seconds < 3600) return `${sign}${Math.floor(seconds / 60)}m${pad(seconds % 60)}s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 1440) return `${sign}${Math.floor(minutes / 60)}h${pad(minutes % 60)}m`
  return `${sign}${Math.round(minutes / 1440)}d`
}

/** 10:00:05.123, local */
export function formatClock(time: number): string {
  const date = new Date(time)
  return `${formatMinute(time)}:${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`
}

/** 10:00, local */
export function formatMinute(time: number): string {
  const date = new Date(time)
  return `${pad(date.getHours())}:${pad(date.getMinutes())}`
}

/** 2026-11-20 10:00:05.123, local */
export function formatDateTime(time: number): string {
  return `${formatDate(time)} ${formatClock(time)}`
}

export function formatDate(time: number): string {
  const date = new Date(time)
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`
}

/** The shortest that tells both ends apart; the date where they are not on one day. */
export function formatSpan(since: number, until: number): string {
  const oneDay = formatDate(since) === formatDate(until)
  const write = until - since < 60_000 ? formatClock : (time: number) => formatClock(time).slice(0, 8)
  if (oneDay) return `${write(since)} – ${write(until)}`
  return `${formatDate(since)} ${write(since)} – ${formatDate(until)} ${write(until)}`
}

function trimZero(text: string): string {
  return text.endsWith('.0') ? text.slice(0, -2) : text
}

export function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0')
}
