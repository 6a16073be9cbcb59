import { invalidArgument } from '../core/fault.js'
import type { Retention, StoreOptions } from '../core/options.js'
import { assertTopicName, atLeast, ofType, oneOf, wholeNumber } from './check.js'
import { loadPart } from './load-part.js'

/** Resolves when they are in order. */
export async function assertOptions(options: StoreOptions): Promise<void> {
  if (typeof options !== 'object' || options === null) throw invalidArgument('options', 'an object', options)
  oneOf('host', options.host, ['auto', 'shared-worker', 'leader', 'inline'])
  oneOf('durability', options.durability, ['relaxed', 'strict'])
  oneOf('storage', options.storage, ['auto', 'memory'])
  wholeNumber('batchSize', options.batchSize, 1)
  atLeast('batchTimeoutMs', options.batchTimeoutMs, 0)
  wholeNumber('maxQueueBytes', options.maxQueueBytes, 1)
  oneOf('compression', options.compression, ['cold', 'off'])
  assertRetention(options.retention)
  assertSampling(options.sampling)
  for (const [name, topic] of Object.entries(options.topics ?? {})) {
    assertTopicName(name)
    assertRetention(topic.retention)
    assertSampling(topic.sampling)
  }
  ofType('journal', options.journal, 'boolean')
  ofType('persist', options.persist, 'boolean')
  ofType('devtools', options.devtools, 'boolean')
  ofType('beforeRecord', options.beforeRecord, 'function')
  ofType('onFault', options.onFault, 'function')
  ofType('worker', options.worker, 'function')
  if (options.counters === undefined) return
  const counters = await loadPart(() => import('../fold/counter/check-options.js'))
  const assertCounters: (value: unknown) => void = counters.assertCounterOptions
  assertCounters(options.counters)
}

function assertRetention(retention: Retention | undefined): void {
  if (retention === undefined) return
  if (typeof retention !== 'object' || retention === null) throw invalidArgument('retention', 'an object', retention)
  for (const [field, limit] of Object.entries(retention)) {
    if (!['maxEvents', 'maxBytes', 'maxAgeMs'].includes(field)) {
      throw invalidArgument('retention', 'made of maxEvents, maxBytes and maxAgeMs', field)
    }
    if (limit !== undefined && !(Number.isSafeInteger(limit) && (limit as number) > 0)) {
      throw invalidArgument(field, 'a positive whole number', limit)
    }
  }
}

function assertSampling(sampling: Record<string, number> | undefined): void {
  for (const [type, share] of Object.entries(sampling ?? {})) {
    if (!(typeof share === 'number' && share >= 0 && share <= 1)) {
      throw invalidArgument(`sampling.${type}`, 'a share from 0 to 1', share)
    }
  }
}
