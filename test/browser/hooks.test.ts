/** The hooks in real renders of both frameworks. */
import * as preact from 'preact'
import { createElement as createReactElement, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { defineProjection, openExport, openStore, type ReadableStore, type Store } from '../../src/index.js'
import { deferred } from '../../src/core/deferred.js'
import * as preactHooks from '../../src/preact.js'
import * as reactHooks from '../../src/react.js'
import { draftsOf } from '../../src/testing.js'

type Component<P> = (props: P) => string | null

interface Mounted<P> {
  draw(props: P): void
  unmount(): void
  text(): string
}

interface Framework {
  name: string
  hooks: typeof reactHooks
  /** Draws the component, and again with other props; returns how to take it away. */
  mount<P extends object>(component: Component<P>, props: NoInfer<P>): Mounted<P>
}

const frameworks: Framework[] = [
  {
    name: 'React, in StrictMode',
    hooks: reactHooks,
    mount(component, props) {
      const element = document.body.appendChild(document.createElement('div'))
      const root = createRoot(element)
      const draw = (own: typeof props): void =>
        root.render(createReactElement(StrictMode, null, createReactElement(component, own)))
      draw(props)
      const unmount = (): void => {
        root.unmount()
        element.remove()
      }
      return { draw, unmount, text: () => element.textContent }
    },
  },
  {
    name: 'Preact',
    hooks: preactHooks,
    mount(component, props) {
      const element = document.body.appendChild(document.createElement('div'))
      const draw = (own: typeof props): void =>
        preact.render(preact.createElement(component as preact.FunctionComponent<typeof props>, own), element)
      draw(props)
      const unmount = (): void => {
        preact.render(null, element)
        element.remove()
      }
      return { draw, unmount, text: () => element.textContent }
    },
  },
]

interface CartEvents {
  added: { sku: string; cents: number }
  paid: undefined
}

const total = defineProjection({
  name: 'total',
  version: 1,
  topics: ['cart'],
  initial: () => ({ cents: 0 }),
  reduce: ({ cents }, { type, data }) => ({ cents: type === 'added' ? cents + (data as { cents: number }).cents : 0 }),
})

// What is used first is loaded first, by a machine that may have much to do.
const PATIENCE = { timeout: 20_000 }

let lastStore = 0
const toClose: { close(): Promise<void> }[] = []
const toUnmount: { unmount(): void }[] = []
afterEach(async () => {
  for (const mounted of toUnmount.splice(0)) mounted.unmount()
  for (const store of toClose.splice(0)) await store.close()
})

async function open(): Promise<Store> {
  const store = await openStore(`hooks-${Date.now().toString(36)}-${++lastStore}`, { storage: 'memory' })
  toClose.push(store)
  return store
}

const added = (sku: string, cents = 100) => ({ type: 'added' as const, data: { sku, cents } })

describe.each(frameworks)('$name', ({ hooks, mount }) => {
  const { useTopic, useProjection, useCounter } = hooks

  function mounted<P extends object>(component: Component<P>, props: NoInfer<P>): Mounted<P> {
    const own = mount(component, props)
    toUnmount.push(own)
    return own
  }

  interface TopicProps {
    store: Store | ReadableStore | Promise<Store> | null
    name?: string
    last?: number
    types?: string[]
  }
  const Cart = ({ store, name = 'cart', ...options }: TopicProps): string => {
    const { status, events, fault } = useTopic<CartEvents>(store, name, options)
    return `${status}: ${events.map((event) => (event.type === 'added' ? event.data.sku : 'paid')).join(' ')}${fault?.code ?? ''}`
  }

  const Total = ({ store, at }: { store: Store | ReadableStore; at?: number }): string => {
    const { status, state, sequence } = useProjection(store, { ...total }, { at })
    return `${status}: ${state?.cents} at ${sequence}`
  }

  test('a topic is shown as it is, and whatever is recorded in it, in this handle or another', async () => {
    const store = await open()
    const cart = store.topic<CartEvents>('cart')
    await cart.append([added('TEA'), added('MUG')])
    const shown = mounted(Cart, { store })
    await expect.poll(shown.text, PATIENCE).toBe('live: TEA MUG')
    const other = await openStore(store.name, { storage: 'memory' })
    toClose.push(other)
    await other.topic('cart').append({ type: 'paid' })
    await expect.poll(shown.text, PATIENCE).toBe('live: TEA MUG paid')
    cart.record('added', { sku: 'POT', cents: 1 })
    await expect.poll(shown.text, PATIENCE).toBe('live: TEA MUG paid POT')
  })

  test('the newest so many events of the types asked for are shown', async () => {
    const store = await open()
    await store.topic<CartEvents>('cart').append([added('A'), added('B'), { type: 'paid' }, added('C')])
    const shown = mounted(Cart, { store, last: 2, types: ['added'] })
    await expect.poll(shown.text, PATIENCE).toBe('live: B C')
    await store.topic<CartEvents>('cart').append([{ type: 'paid' }, added('D')])
    await expect.poll(shown.text, PATIENCE).toBe('live: C D')
    shown.draw({ store, last: 3, types: ['added', 'paid'] })
    await expect.poll(shown.text, PATIENCE).toBe('live: C paid D')
  })

  test('events that are cleared or erased are shown no longer', async () => {
    const store = await open()
    const cart = store.topic<CartEvents>('cart')
    await cart.append([added('TEA'), added('MUG')])
    const shown = mounted(Cart, { store })
    await expect.poll(shown.text, PATIENCE).toBe('live: TEA MUG')
    await store.erase({ where: { sku: 'TEA' } })
    await expect.poll(shown.text, PATIENCE).toBe('live: MUG')
    await cart.clear()
    await expect.poll(shown.text, PATIENCE).toBe('live: ')
    await cart.append(added('POT'))
    await expect.poll(shown.text, PATIENCE).toBe('live: POT')
  })

  test('another topic is shown when its name changes', async () => {
    const store = await open()
    await store.topic('cart').append(added('TEA'))
    await store.topic('wishes').append(added('MUG'))
    const shown = mounted(Cart, { store })
    await expect.poll(shown.text, PATIENCE).toBe('live: TEA')
    shown.draw({ store, name: 'wishes' })
    await expect.poll(shown.text, PATIENCE).toBe('live: MUG')
  })

  test('a store that is still being opened is loading, and so is none', async () => {
    const opening = deferred<Store>()
    const shown = mounted(Cart, { store: null })
    expect.soft(await textOnceDrawn(shown.text)).toBe('loading: ')
    shown.draw({ store: opening.promise })
    expect.soft(await textOnceDrawn(shown.text)).toBe('loading: ')
    const store = await open()
    await store.topic('cart').append(added('TEA'))
    opening.resolve(store)
    await expect.poll(shown.text, PATIENCE).toBe('live: TEA')
  })

  test('a store that cannot be opened, and one that is closed, is a fault', async () => {
    const refused = openStore('')
    await expect(refused).rejects.toThrow('name must be')
    const shown = mounted(Cart, { store: refused })
    await expect.poll(shown.text, PATIENCE).toBe('fault: invalid-argument')
    const store = await open()
    await store.close()
    shown.draw({ store })
    await expect.poll(shown.text, PATIENCE).toBe('fault: closed')
  })

  test('a store that is closed while it is shown is a fault, with what was known until then', async () => {
    const store = await open()
    await store.topic('cart').append(added('TEA', 450))
    const shown = mounted(() => {
      const views = [
        useTopic(store, 'cart'),
        useProjection(store, total),
        useCounter(store, 'cart/added', (counter) => counter.ever().sum(), { everyMs: 20 }),
      ]
      return views.map(({ status, fault }) => fault?.code ?? status).join(' ')
    }, {})
    await expect.poll(shown.text, PATIENCE).toBe('live live live')
    await store.close()
    await expect.poll(shown.text, PATIENCE).toBe('closed closed closed')
  })

  test('nothing is listened to any more once all are unmounted', async () => {
    const store = await open()
    const cart = store.topic('cart')
    const listening = { now: 0, ever: 0 }
    const countedCart: typeof cart = {
      ...cart,
      subscribe(handler, options) {
        listening.now++
        listening.ever++
        const subscription = cart.subscribe(handler, options)
        void subscription.closed.then(() => listening.now--)
        return subscription
      },
    }
    // Only this topic is asked for.
    const counted = { ...store, topic: () => countedCart } as unknown as Store
    const one = mounted(Cart, { store: counted })
    const other = mounted(Cart, { store: counted })
    await expect.poll(one.text, PATIENCE).toBe('live: ')
    await expect.poll(other.text, PATIENCE).toBe('live: ')
    expect(listening).toEqual({ now: 1, ever: 1 })
    one.unmount()
    await cart.append(added('TEA'))
    await expect.poll(other.text, PATIENCE).toBe('live: TEA')
    expect(listening.now).toBe(1)
    other.unmount()
    await expect.poll(() => listening.now, PATIENCE).toBe(0)
  })

  test('a projection is kept current, or shown as it was', async () => {
    const store = await open()
    await store.topic('cart').append([added('TEA', 450), added('MUG', 900)])
    const shown = mounted(Total, { store })
    await expect.poll(shown.text, PATIENCE).toBe('live: 1350 at 1')
    await store.topic('cart').append(added('POT', 50))
    await expect.poll(shown.text, PATIENCE).toBe('live: 1400 at 2')
    shown.draw({ store, at: 0 })
    await expect.poll(shown.text, PATIENCE).toBe('live: 450 at 0')
    shown.draw({ store })
    await expect.poll(shown.text, PATIENCE).toBe('live: 1400 at 2')
  })

  test('a projection that throws is a fault, with the state until then', async () => {
    const store = await open()
    const fragile = {
      ...total,
      reduce(state: { cents: number }, event: { type: string }) {
        if (event.type === 'paid') throw new Error('not this one')
        return { cents: state.cents + 1 }
      },
    }
    await store.topic('cart').append(added('TEA'))
    const shown = mounted(() => {
      const { state, fault } = useProjection(store, fragile)
      return `${state?.cents} ${fault?.code}`
    }, {})
    await expect.poll(shown.text, PATIENCE).toBe('1 undefined')
    await store.topic('cart').append({ type: 'paid' })
    await expect.poll(shown.text, PATIENCE).toBe('1 invalid-argument')
  })

  test('components that show the same never differ', async () => {
    const store = await open()
    const torn: string[] = []
    const Both = (): string => {
      const one = useProjection(store, total).state?.cents
      const other = useProjection(store, total).state?.cents
      if (one !== other) torn.push(`${one} ${other}`)
      return `${one} ${other}`
    }
    const shown = mounted(Both, {})
    for (let n = 0; n < 50; n++) await store.topic('cart').append(added('TEA', 1))
    await expect.poll(shown.text, PATIENCE).toBe('50 50')
    expect(torn).toEqual([])
  })

  test('a counter is asked again and again, and at once when the question changes', async () => {
    const store = await open()
    const Counted = ({ days, everyMs }: { days: number | null; everyMs: number }): string => {
      const ever = useCounter(store, 'visit')
      const { status, value } = useCounter(
        store,
        'cart/added',
        (counter) => (days === null ? counter.ever().sum() : counter.lastDays(days).sum()),
        { everyMs },
      )
      return `${status}: ${value} ${ever.value}`
    }
    store.counters.record('visit', { count: 3 })
    await store.topic('cart').append([added('TEA'), { ...added('MUG'), time: Date.now() - 3 * 86_400_000 }])
    const shown = mounted(Counted, { days: null, everyMs: 20 })
    await expect.poll(shown.text, PATIENCE).toBe('live: 2 3')
    await store.topic('cart').append(added('POT'))
    await expect.poll(shown.text, PATIENCE).toBe('live: 3 3')
    shown.draw({ days: 1, everyMs: 3_600_000 })
    await expect.poll(shown.text, PATIENCE).toBe('live: 2 3')
    shown.draw({ days: 7, everyMs: 3_600_000 })
    await expect.poll(shown.text, PATIENCE).toBe('live: 3 3')
  })

  test('an exported file is shown like a store', async () => {
    const store = await open()
    await store.topic('cart').append([added('TEA', 450), added('MUG', 900)])
    const file = await openExport(await store.export())
    toClose.push(file)
    expect(await draftsOf(file)).toHaveLength(2)
    const cart = mounted(Cart, { store: file, last: 1 })
    const sum = mounted(Total, { store: file })
    await expect.poll(cart.text, PATIENCE).toBe('live: MUG')
    await expect.poll(sum.text, PATIENCE).toBe('live: 1350 at 1')
  })
})

async function textOnceDrawn(text: () => string): Promise<string> {
  await vi.waitFor(() => expect(text()).not.toBe(''))
  return text()
}
