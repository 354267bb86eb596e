import { CATALOGUE, CITIES, EVERYDAY_CENTS_MAX, FIRST_NAMES, LAST_NAMES, STREETS } from './catalogue.ts'
import type { Rng } from './rng.ts'
import { type Address, type Customer, createStore, type Order, type OrderItem, type Store } from './store.ts'

/**
 * The store before the request: products, the customer who will write, one with the same name, and strangers,
 * each with a few orders. Every product a customer has bought is in one order only, unless a request needs a twin,
 * so that naming the product is enough unless the request is meant to be ambiguous.
 */
export type World = {
  readonly rng: Rng
  readonly store: Store
  readonly requester: Customer
  readonly stranger: Customer
  /** Products the requester has not bought yet, in drawn order; `takeProduct` eats them. */
  readonly unbought: string[]
}

export function drawWorld(rng: Rng): World {
  const store = createStore()
  for (const { name, listCents, variants } of PRODUCTS) {
    store.products.set(name, {
      name,
      listCents,
      variants: variants.map(({ sku, label }) => ({ sku, label, stock: 3 })),
    })
  }
  const requester = addCustomer(rng, store, rng.pick(FIRST_NAMES), rng.pick(LAST_NAMES))
  const [firstName, lastName] = requester.name.split(' ') as [string, string]
  addCustomer(rng, store, firstName, lastName)
  const stranger = addCustomer(
    rng,
    store,
    rng.pick(FIRST_NAMES.filter((name) => name !== firstName)),
    rng.pick(LAST_NAMES),
  )
  const world: World = { rng, store, requester, stranger, unbought: shuffle(rng, [...store.products.keys()]) }
  addOrder(world, { status: 'delivered', deliveredDaysAgo: 45 + rng.below(200), items: 2 })
  return world
}

const PRODUCTS = CATALOGUE.map(([name, listCents, labels]) => ({
  name,
  listCents,
  variants: labels.map((label, index) => ({ sku: `${name.replaceAll(' ', '-')}-${index + 1}`, label })),
}))

/** Takes a product the requester has not bought yet: everyday (at most 300 euros) or dear. */
export function takeProduct(world: World, price: 'everyday' | 'dear' = 'everyday'): string {
  const index = world.unbought.findIndex(
    (name) => world.store.products.get(name)!.listCents > EVERYDAY_CENTS_MAX === (price === 'dear'),
  )
  const [name] = world.unbought.splice(index, 1)
  if (index === -1 || name === undefined) throw new Error(`no ${price} product left to draw`)
  return name
}

export type OrderWanted = {
  readonly status: Order['status']
  readonly deliveredDaysAgo?: number
  readonly owner?: Customer
  /** How many drawn items; ignored when `products` names them. */
  readonly items?: number
  /** Named products, one item each; a product named twice gives two variants of it. */
  readonly products?: readonly string[]
  /** Counts on from this variant of each product, so that two orders can hold the very same thing. */
  readonly firstVariant?: number
  readonly clearance?: boolean
  readonly discountPercent?: number
}

export function addOrder(world: World, wanted: OrderWanted): Order {
  const { rng, store } = world
  const owner = wanted.owner ?? world.requester
  const names = wanted.products ?? Array.from({ length: wanted.items ?? 1 }, () => takeProduct(world))
  const items: OrderItem[] = []
  const first = wanted.firstVariant ?? rng.below(12)
  for (const name of names) {
    const product = store.products.get(name)!
    const used = items.filter((item) => item.product === name).length
    const variant = product.variants[(first + used) % product.variants.length]!
    items.push({
      itemId: `i${items.length + 1}`,
      product: name,
      variant: variant.label,
      sku: variant.sku,
      listCents: product.listCents,
      clearance: wanted.clearance ?? false,
    })
  }
  const deliveredDaysAgo =
    wanted.status === 'delivered' ? (wanted.deliveredDaysAgo ?? 2 + rng.below(20)) : null
  const order: Order = {
    id: freshId(rng, 'R', store.orders),
    customerId: owner.id,
    status: wanted.status,
    orderedDaysAgo: (deliveredDaysAgo ?? 0) + 1 + rng.below(5),
    deliveredDaysAgo,
    discountPercent: wanted.discountPercent ?? 0,
    payment: rng.pick(['Visa ending 4417', 'bank account ending 082', 'Mastercard ending 9031', 'PayPal']),
    address: drawAddress(rng, owner.postcode),
    items,
    refunds: [],
    exchanges: [],
  }
  store.orders.set(order.id, order)
  return order
}

export function drawAddress(rng: Rng, postcode?: string): Address {
  return {
    street: `${1 + rng.below(140)} ${rng.pick(STREETS)}`,
    city: rng.pick(CITIES),
    postcode: postcode ?? drawPostcode(rng),
  }
}

export function drawPostcode(rng: Rng): string {
  return String(10_000 + rng.below(89_999))
}

/** An identifier that is in no order and no customer yet. */
export function freshId(rng: Rng, prefix: string, taken: ReadonlyMap<string, unknown>): string {
  for (;;) {
    const id = `${prefix}-${10_000 + rng.below(89_999)}`
    if (!taken.has(id)) return id
  }
}

function addCustomer(rng: Rng, store: Store, firstName: string, lastName: string): Customer {
  const id = freshId(rng, 'C', store.customers)
  // Two people of one name differ in address and number; the store never holds a real mail domain.
  const mail = `${firstName}.${lastName}.${id.slice(2)}`
    .toLowerCase()
    .normalize('NFD')
    .replace(/[^a-z0-9.]/g, '')
  const customer: Customer = {
    id,
    name: `${firstName} ${lastName}`,
    email: `${mail}@example.org`,
    postcode: drawPostcode(rng),
  }
  store.customers.set(id, customer)
  return customer
}

function shuffle<T>(rng: Rng, list: T[]): T[] {
  for (let index = list.length - 1; index > 0; index--) {
    const other = rng.below(index + 1)
    ;[list[index], list[other]] = [list[other]!, list[index]!]
  }
  return list
}
