import type { CounterOptions } from '../../core/counters.js'

export const PRESETS: Readonly<Record<NonNullable<CounterOptions['preset']>, CounterOptions['track'] & {}>> = {
  'rate-limiting': { minute: 60, hour: 72 },
  analytics: { day: 56, week: 52, month: 12 },
}
