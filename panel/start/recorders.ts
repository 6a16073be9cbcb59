import type { Store } from '../../src/index.js'
import type { Memory } from '../../src/memory.js'
import { emitInto, type Stop } from './emit.js'
import { stopAll } from './listen.js'
import { recordClicks } from './record-clicks.js'
import { recordErrors } from './record-errors.js'
import { recordKeys } from './record-keys.js'
import { recordLongTasks } from './record-long-tasks.js'
import { recordNavigation } from './record-navigation.js'
import { recordResources } from './record-resources.js'
import { recordVisibility } from './record-visibility.js'

const RECORDERS = {
  errors: [recordErrors],
  input: [recordClicks, recordKeys],
  navigation: [recordNavigation, recordVisibility],
  performance: [recordResources, recordLongTasks],
}

/** Starts every recorder of the page, each in its topic. What the store refuses to take goes to `onRefused`. */
export function startRecorders(
  store: Pick<Store, 'topic'>,
  memory: Pick<Memory, 'capture'>,
  onRefused: (error: unknown) => void,
): Stop {
  const stops = Object.entries(RECORDERS).flatMap(([topic, recorders]) => {
    const emit = emitInto(store.topic(topic), onRefused)
    return recorders.map((record) => record(emit))
  })
  return stopAll([...stops, memory.capture.objectUrls().stop])
}
