import type { PanelSource } from '../../src/protocol/panel-source.js'
import { faultText } from './fault-text.js'

/** A source refused, or could not do, what was asked of it. */
export class FailedCall extends Error {
  readonly call: string

  constructor(call: string, cause: unknown) {
    super(faultText(cause), { cause })
    this.call = call
  }
}

/** The same source; what a call of it rejects with tells which call it was. */
export function namingCalls(source: PanelSource): PanelSource {
  return naming(source, '', {
    search: async (...args) => naming(await source.search(...args).catch(failed('search')), 'search.'),
  })
}

function naming<T extends object>(target: T, prefix: string, instead: Partial<T> = {}): T {
  return new Proxy(target, {
    get(own, key) {
      const value: unknown = Reflect.get(key in instead ? instead : own, key)
      if (typeof value !== 'function') return value
      return (...args: unknown[]): unknown => {
        const answer: unknown = Reflect.apply(value, own, args)
        return answer instanceof Promise ? answer.catch(failed(prefix + String(key))) : answer
      }
    },
  })
}

function failed(call: string): (error: unknown) => never {
  return (error) => {
    throw error instanceof FailedCall ? error : new FailedCall(call, error)
  }
}
