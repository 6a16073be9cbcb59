const NANOSECONDS = 1_000_000n
const CHECK_EVERY_MS = 1
const DRIFT_MS = 100

let origin = NaN
let checkedAt = -Infinity

// performance.now() is finer than Date.now(), but stands still while the machine sleeps. Asking both every time costs twice.
/** Epoch milliseconds, as fine as the platform tells. */
export function nowMs(): number {
  const elapsed = performance.now()
  if (elapsed - checkedAt >= CHECK_EVERY_MS) {
    const wall = Date.now()
    if (!(Math.abs(origin + elapsed - wall) < DRIFT_MS)) origin = wall - elapsed
    checkedAt = elapsed
  }
  return origin + elapsed
}

/** A time and the nanoseconds of its millisecond, which a float of epoch milliseconds cannot hold exactly. */
export interface SplitTime {
  /** Epoch milliseconds with their fraction, as exactly as a float can. */
  time: number
  /** 0 to 999,999. */
  ns: number
}

export function splitMs(ms: number): SplitTime {
  const whole = Math.floor(ms)
  const ns = Math.min(Math.round((ms - whole) * 1e6), 999_999)
  return { time: whole + ns / 1e6, ns }
}

export function splitNanoseconds(timestamp: bigint): SplitTime {
  const ns = Number(timestamp % NANOSECONDS)
  return { time: Number(timestamp / NANOSECONDS) + ns / 1e6, ns }
}

// The float is off by far less than half a millisecond: what it stands for without the fraction is a whole number.
export function joinTime({ time, ns }: SplitTime): bigint {
  return BigInt(Math.round(time - ns / 1e6)) * NANOSECONDS + BigInt(ns)
}

export function nanosecondsOf(ms: number): bigint {
  return joinTime(splitMs(ms))
}

export function millisecondsOf(timestamp: bigint): number {
  return splitNanoseconds(timestamp).time
}
