import type { Emit } from './emit.js'

// A page that throws in every frame must not fill the disk.
/** Lets `most` events through in a second. What is left out is counted, and told with the next event. */
export function atMostPerSecond(most: number, emit: Emit, now: () => number): Emit {
  let startedAt = Number.NEGATIVE_INFINITY
  let told = 0
  let leftOut = 0
  return (type, data, time) => {
    if (now() - startedAt >= 1000) {
      startedAt = now()
      told = 0
    }
    if (told === most) {
      leftOut++
      return
    }
    told++
    emit(type, leftOut === 0 ? data : { ...data, leftOut }, time)
    leftOut = 0
  }
}
