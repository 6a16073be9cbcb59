/** What callers' types come to; checked by the compiler alone, with the rest of the tree. */
import { expectTypeOf } from 'vitest'
import { useCounter, useProjection, useTopic } from '../../src/react.js'
import { defineProjection, type FaultCode, type ReadableStore, type Store, type StoredEvent } from '../../src/index.js'

declare const store: Store
declare const file: ReadableStore

interface CartEvents {
  'item-added': { sku: string; cents: number }
  paid: { cents: number }
  cleared: undefined
}

const cart = store.topic<CartEvents>('cart')

// Data is asked for where a type has some, and only there.
cart.record('item-added', { sku: 'TEA-104', cents: 450 })
cart.record('cleared')
cart.record('paid', { cents: 1 }, { weight: 2, id: 'p-1' })
// @ts-expect-error -- no such type
cart.record('sent', {})
// @ts-expect-error -- another shape
cart.record('paid', { euros: 1 })
// @ts-expect-error -- data is missing
cart.record('paid')

void cart.append([{ type: 'cleared' }, { type: 'paid', data: { cents: 1 } }])
// @ts-expect-error -- data is missing
void cart.append({ type: 'paid' })

// An event's type tells its data.
const events = await cart.read()
for (const event of events) {
  if (event.type === 'paid') expectTypeOf(event.data).toEqualTypeOf<{ cents: number }>()
  if (event.type === 'cleared') expectTypeOf(event.data).toEqualTypeOf<undefined>()
}
expectTypeOf(await cart.read({ types: ['paid'] })).toEqualTypeOf<StoredEvent<'paid', { cents: number }>[]>()
// @ts-expect-error -- no such type
void cart.read({ types: ['sent'] })
expectTypeOf(await cart.latest()).toEqualTypeOf<(typeof events)[number] | null>()
cart.subscribe((batch) => expectTypeOf(batch).toEqualTypeOf<typeof events>())

// Nothing said: anything goes in, and unknown comes out.
const anything = store.topic('anything')
anything.record('whatever', 1)
anything.record('whatever')
expectTypeOf((await anything.latest())!.data).toEqualTypeOf<unknown>()

// What is read-only cannot be written to.
// @ts-expect-error -- no such method
file.topic<CartEvents>('cart').record('cleared')
expectTypeOf(await file.topic<CartEvents>('cart').read()).toEqualTypeOf<typeof events>()

// A projection's state is what it begins with.
const total = defineProjection({
  name: 'total',
  version: 1,
  initial: () => ({ cents: 0 }),
  reduce: (state) => state,
})
expectTypeOf((await store.project(total)).state).toEqualTypeOf<{ cents: number }>()
store.observe(total, ({ state }) => expectTypeOf(state.cents).toEqualTypeOf<number>())

// Hooks tell the same, and what is known in each of their states.
const shown = useTopic<CartEvents>(store, 'cart', { last: 20 })
expectTypeOf(shown.events).toEqualTypeOf<typeof events>()
const { status, state, sequence, fault } = useProjection(file, total)
if (status === 'loading') expectTypeOf(state).toEqualTypeOf<null>()
else if (status === 'live')
  expectTypeOf([state, sequence] as const).toEqualTypeOf<readonly [{ cents: number }, number]>()
else expectTypeOf(fault.code).toEqualTypeOf<FaultCode>()
expectTypeOf(useCounter(store, 'cart/paid').value).toEqualTypeOf<number | null>()
const byDay = useCounter(Promise.resolve(store), 'cart/paid', (counter) => counter.lastDays(7).buckets())
if (byDay.status === 'live') expectTypeOf(byDay.value).toEqualTypeOf<number[] | null>()
// @ts-expect-error -- not a store
useTopic('shop', 'cart')
