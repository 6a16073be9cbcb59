import { randomFrom } from './random.js'

export interface ShopEvent {
  type: string
  data: Record<string, unknown>
}

const WEIGHTS: readonly (readonly [type: string, weight: number])[] = [
  ['product-viewed', 46],
  ['searched', 13],
  ['added-to-cart', 17],
  ['removed-from-cart', 5],
  ['checkout-started', 7],
  ['paid', 6],
  ['shipped', 4.5],
  ['payment-declined', 1],
  ['returned', 0.5],
]
const SUM = WEIGHTS.reduce((sum, [, weight]) => sum + weight, 0)

const WORDS = ['tea', 'teapot', 'kettle', 'cup', 'filter', 'whisk', 'scale', 'tin', 'gift box', 'sampler']
const CARRIERS = ['post', 'courier', 'bicycle']
const OPEN_ORDERS = 64

/** What happens in a small tea shop, for ever; the same for the same seed. */
export function* shopEvents(seed: number): Generator<ShopEvent, never> {
  const random = randomFrom(seed)
  const below = (limit: number) => Math.floor(random() * limit)
  // Squared: a few products and customers are seen far more often than the rest.
  const often = (limit: number) => Math.floor(random() ** 2 * limit)
  const sku = () => `TEA-${String(100 + often(240))}`
  const customer = () => `c${1000 + often(900)}`
  const cents = () => 250 + below(60) * 50
  const open: string[] = []
  let order = 20_000

  const data = (type: string): Record<string, unknown> => {
    switch (type) {
      case 'searched':
        return { customer: customer(), query: WORDS[below(WORDS.length)], results: below(40) }
      case 'added-to-cart':
      case 'removed-from-cart':
        return { customer: customer(), sku: sku(), quantity: 1 + often(4), cents: cents() }
      case 'checkout-started':
        return { customer: customer(), lines: 1 + often(6), cents: cents() * (1 + often(6)) }
      case 'paid': {
        const id = `o${order++}`
        open.push(id)
        if (open.length > OPEN_ORDERS) open.shift()
        return { order: id, customer: customer(), cents: cents() * (1 + often(6)), currency: 'EUR' }
      }
      case 'shipped':
        return {
          order: open.shift(),
          carrier: CARRIERS[below(CARRIERS.length)],
          grams: 80 + below(1900),
        }
      case 'payment-declined':
        return { customer: customer(), cents: cents(), reason: random() < 0.7 ? 'insufficient funds' : 'expired card' }
      case 'returned':
        return { order: `o${20_000 + below(Math.max(1, order - 20_000))}`, sku: sku(), reason: 'changed my mind' }
      default:
        return { customer: customer(), sku: sku(), cents: cents(), dwellMs: 200 + often(60_000) }
    }
  }

  for (;;) {
    const drawn = weighted(random())
    // Nothing is shipped that was not paid.
    const type = drawn === 'shipped' && open.length === 0 ? 'paid' : drawn
    yield { type, data: data(type) }
  }
}

function weighted(share: number): string {
  let left = share * SUM
  for (const [type, weight] of WEIGHTS) {
    left -= weight
    if (left < 0) return type
  }
  return 'product-viewed'
}
