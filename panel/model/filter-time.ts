const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

const RELATIVE = /^-(\d+(?:\.\d+)?)(ms|s|m|h|d)$/
const CLOCK = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?$/
const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?)?$/
const EPOCH_MS = /^\d{11,14}(?:\.\d+)?$/

// `10:00` (today), `2026-11-20`, `2026-11-20T10:00`, `-5m`, `now`, or epoch milliseconds; local time.
// Null where it is none of these.
export function parseTime(text: string, now: number): number | null {
  if (text === 'now') return now
  const relative = RELATIVE.exec(text)
  if (relative !== null) return now - Number(relative[1]) * (UNIT_MS[relative[2] ?? ''] ?? 0)
  if (EPOCH_MS.test(text)) return Number(text)
  const clock = CLOCK.exec(text)
  if (clock !== null) {
    const today = new Date(now)
    return localTime([today.getFullYear(), today.getMonth() + 1, today.getDate(), ...clock.slice(1)])
  }
  const date = DATE.exec(text)
  return date === null ? null : localTime(date.slice(1))
}

function localTime(parts: (string | number | undefined)[]): number | null {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts
    .slice(0, 6)
    .map((part) => Number(part ?? 0))
  const millisecond = Number(String(parts[6] ?? '0').padEnd(3, '0'))
  if (hour > 23 || minute > 59 || second > 59) return null
  const date = new Date(year, month - 1, day, hour, minute, second, millisecond)
  // Date rolls 30 February over into March; that is a typing error here.
  return date.getMonth() === month - 1 && date.getDate() === day ? date.getTime() : null
}
