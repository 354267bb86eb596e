import { addOrder, drawAddress, freshId, takeProduct, type World } from './draw-world.ts'
import type { Act, Part, Said, Wish } from './request.ts'
import type { Order, OrderItem } from './store.ts'

/**
 * Draws the parts of a request into the store. Each twist is a difficulty a person at a help desk would know:
 * the number is wrong, the window is over unless the goods were damaged, the back end times out, the customer
 * changes their mind. How often a policy fails follows from which of these its checks catch.
 */
export function drawPart(world: World, topic: number, act: Act, twist: string, told: Part['told']): Part {
  const draw = DRAWS[act][twist]
  if (draw === undefined) throw new Error(`no twist ${twist} for ${act}`)
  const { wishes, ...rest } = draw(world)
  return { topic, told, twist: `${act}:${twist}`, afterwards: null, alternatives: [], ...rest, wishes }
}

/**
 * One order, two parts: an exchange locks the order, so the refund must come first, however they were said.
 * `late`: the refund is told only later, so whoever opens the exchange at once can no longer pay it.
 */
export function drawLockingPair(world: World, topic: number, late: boolean): readonly [Part, Part] {
  const order = addOrder(world, { status: 'delivered', items: 2 })
  const exchange = exchangeWish(world, order, order.items[0]!)
  const refund = wishFor('refund', order, order.items[1]!)
  const exchangeFirst = late || world.rng.chance(0.5)
  const part = (offset: 0 | 1, wish: Wish): Part => ({
    topic: topic + offset,
    told: late && offset === 1 ? 'later' : 'opening',
    twist: late ? 'same-order:refund-after-exchange' : 'same-order:both-at-once',
    wishes: [wish],
    afterwards: null,
    alternatives: [],
    said: saidPlainly(order),
  })
  return exchangeFirst ? [part(0, exchange), part(1, refund)] : [part(0, refund), part(1, exchange)]
}

type Drawn = Partial<Part> & Pick<Part, 'wishes' | 'said'>
type Draw = (world: World) => Drawn

const DRAWS: Readonly<Record<Act, Readonly<Record<string, Draw>>>> = {
  refund: {
    plain: (world) => simple(world, 'refund', addOrder(world, delivered(world))),
    discounted: (world) =>
      simple(
        world,
        'refund',
        addOrder(world, { ...delivered(world), discountPercent: world.rng.pick([10, 15, 20]) }),
      ),
    'window-over': (world) => {
      const order = addOrder(world, { status: 'delivered', deliveredDaysAgo: 33 + world.rng.below(60) })
      return simple(world, 'refund', order)
    },
    'damaged-late': (world) => {
      const order = addOrder(world, { status: 'delivered', deliveredDaysAgo: 34 + world.rng.below(24) })
      return simple(world, 'refund', order, { reason: 'damaged' })
    },
    'damage-told-late': (world) => {
      // "I want my money back", and only when told that the window is over: "but it was broken when it came".
      const order = addOrder(world, { status: 'delivered', deliveredDaysAgo: 34 + world.rng.below(24) })
      const drawn = simple(world, 'refund', order)
      return { ...drawn, alternatives: [{ ...drawn.wishes[0]!, reason: 'damaged' }] }
    },
    clearance: (world) => {
      const order = addOrder(world, { status: 'delivered', items: 1, clearance: true })
      const alternatives = world.rng.chance(0.5) ? [exchangeWish(world, order, order.items[0]!)] : []
      return { ...simple(world, 'refund', order), alternatives }
    },
    'over-limit': (world) =>
      simple(
        world,
        'refund',
        addOrder(world, { status: 'delivered', products: [takeProduct(world, 'dear')] }),
      ),
    'not-delivered': (world) => simple(world, 'refund', addOrder(world, { status: 'processed', items: 2 })),
    'two-alike': (world) => twoAlike(world, 'refund'),
    'wrong-number': (world) => wrongNumber(world, 'refund', addOrder(world, delivered(world))),
    'own-other-number': (world) => {
      // The very same thing bought twice; the number belongs to the older order, which could still come back.
      const twice = { status: 'delivered', products: [takeProduct(world)], firstVariant: 0 } as const
      const older = addOrder(world, { ...twice, deliveredDaysAgo: 18 + world.rng.below(8) })
      const meant = addOrder(world, { ...twice, deliveredDaysAgo: 2 + world.rng.below(6) })
      return {
        wishes: [wishFor('refund', meant, meant.items[0]!)],
        said: { ...saidPlainly(meant), orderId: older.id },
      }
    },
    'changes-mind': (world) => {
      const order = addOrder(world, { status: 'delivered', items: 2 })
      const first = wishFor('refund', order, order.items[0]!)
      const second = world.rng.pick([
        () => exchangeWish(world, order, order.items[0]!),
        () => wishFor('refund', order, order.items[1]!),
        () => ({ ...first, act: 'keep' as const }),
      ])()
      return { wishes: [first, second], said: saidPlainly(order) }
    },
    'changes-mind-twice': (world) => {
      const order = addOrder(world, { status: 'delivered', items: 2 })
      const first = wishFor('refund', order, order.items[0]!)
      return {
        wishes: [
          first,
          exchangeWish(world, order, order.items[0]!),
          wishFor('refund', order, order.items[1]!),
        ],
        said: saidPlainly(order),
      }
    },
    'timeout-before': (world) =>
      struck(world, 'issue_refund', 'before', simple(world, 'refund', addOrder(world, delivered(world)))),
    'timeout-after': (world) =>
      struck(world, 'issue_refund', 'after', simple(world, 'refund', addOrder(world, delivered(world)))),
    'somebody-else': (world) => somebodyElse(world, 'refund', 'delivered'),
  },
  cancel: {
    plain: (world) =>
      simple(world, 'cancel', addOrder(world, { status: 'pending', items: 1 + world.rng.below(2) })),
    dispatched: (world) => simple(world, 'cancel', addOrder(world, { status: 'processed', items: 1 })),
    'dispatched-then-redirect': (world) => {
      const order = addOrder(world, { status: 'processed', items: 1 })
      const wish = wishFor('cancel', order, order.items[0]!)
      return { wishes: [wish], said: saidPlainly(order), alternatives: [addressWish(world, order)] }
    },
    'wrong-number': (world) => wrongNumber(world, 'cancel', addOrder(world, { status: 'pending', items: 1 })),
    'changes-mind': (world) => {
      const order = addOrder(world, { status: 'pending', items: 1 })
      const first = wishFor('cancel', order, order.items[0]!)
      const second = world.rng.chance(0.5) ? addressWish(world, order) : { ...first, act: 'keep' as const }
      return { wishes: [first, second], said: saidPlainly(order) }
    },
    'timeout-before': (world) =>
      struck(
        world,
        'cancel_order',
        'before',
        simple(world, 'cancel', addOrder(world, { status: 'pending', items: 1 })),
      ),
    lost: (world) =>
      struck(
        world,
        'cancel_order',
        'lost',
        simple(world, 'cancel', addOrder(world, { status: 'pending', items: 1 })),
      ),
    'somebody-else': (world) => somebodyElse(world, 'cancel', 'pending'),
  },
  address: {
    plain: (world) => address(world, 'pending'),
    dispatched: (world) => address(world, 'processed'),
    'changes-mind': (world) => {
      const drawn = address(world, 'pending')
      return { ...drawn, wishes: [...drawn.wishes, { ...drawn.wishes[0]!, address: drawAddress(world.rng) }] }
    },
    afterwards: (world) => {
      const drawn = address(world, 'pending')
      return { ...drawn, afterwards: { ...drawn.wishes[0]!, address: drawAddress(world.rng) } }
    },
    'timeout-before': (world) => struck(world, 'change_address', 'before', address(world, 'pending')),
    lost: (world) => struck(world, 'change_address', 'lost', address(world, 'pending')),
  },
  exchange: {
    plain: (world) => exchange(world),
    'no-variant-said': (world) => {
      const drawn = exchange(world)
      return { ...drawn, said: { ...drawn.said, want: false } }
    },
    'two-alike': (world) => twoAlike(world, 'exchange'),
    'window-over': (world) => exchange(world, 33 + world.rng.below(60)),
    'out-of-stock': (world) => outOfStock(world, 1),
    'out-of-stock-twice': (world) => outOfStock(world, 2),
    'timeout-before': (world) => struck(world, 'exchange_item', 'before', exchange(world)),
    'timeout-after': (world) => struck(world, 'exchange_item', 'after', exchange(world)),
  },
  status: {
    plain: (world) => simple(world, 'status', addOrder(world, { status: 'processed', items: 2 })),
    'wrong-number': (world) =>
      wrongNumber(world, 'status', addOrder(world, { status: 'processed', items: 1 })),
  },
}

/** Every twist by act, for tests that must meet each of them. */
export const TWISTS: Readonly<Record<Act, readonly string[]>> = {
  refund: Object.keys(DRAWS.refund),
  cancel: Object.keys(DRAWS.cancel),
  address: Object.keys(DRAWS.address),
  exchange: Object.keys(DRAWS.exchange),
  status: Object.keys(DRAWS.status),
}

function delivered(world: World): { status: 'delivered'; items: number } {
  return { status: 'delivered', items: 1 + world.rng.below(3) }
}

function simple(world: World, act: Act, order: Order, change: Partial<Wish> = {}): Drawn {
  const wish = { ...wishFor(act, order, world.rng.pick(order.items)), ...change }
  // Some do not know the number; the product is enough to find the order.
  const said = saidPlainly(order)
  return { wishes: [wish], said: world.rng.chance(0.25) ? { ...said, orderId: null } : said }
}

function exchange(world: World, deliveredDaysAgo?: number): Drawn {
  const order = addOrder(world, {
    status: 'delivered',
    items: 1 + world.rng.below(2),
    ...(deliveredDaysAgo === undefined ? {} : { deliveredDaysAgo }),
  })
  return { wishes: [exchangeWish(world, order, world.rng.pick(order.items))], said: saidPlainly(order) }
}

function address(world: World, status: Order['status']): Drawn {
  const order = addOrder(world, { status, items: 1 + world.rng.below(2) })
  return { wishes: [addressWish(world, order)], said: saidPlainly(order) }
}

/** Two variants of one product in one order, and the customer says only "the jacket". */
function twoAlike(world: World, act: 'refund' | 'exchange'): Drawn {
  const product = takeProduct(world)
  const order = addOrder(world, { status: 'delivered', products: [product, product] })
  const item = world.rng.pick(order.items)
  const wish = act === 'refund' ? wishFor(act, order, item) : exchangeWish(world, order, item)
  return { wishes: [wish], said: { ...saidPlainly(order), variant: false } }
}

/** A slip of the pen: the number is nobody's, or a stranger's. Asked again, the customer finds the right one. */
function wrongNumber(world: World, act: Act, order: Order): Drawn {
  const number = world.rng.chance(0.5)
    ? freshId(world.rng, 'R', world.store.orders)
    : addOrder(world, { status: order.status, owner: world.stranger, products: [takeProduct(world)] }).id
  return {
    wishes: [wishFor(act, order, world.rng.pick(order.items))],
    said: { ...saidPlainly(order), orderId: number },
  }
}

/** An order that belongs to somebody else, asked for openly ("my neighbour's order"). */
function somebodyElse(world: World, act: Act, status: Order['status']): Drawn {
  const order = addOrder(world, { status, owner: world.stranger, products: [takeProduct(world)] })
  return { wishes: [wishFor(act, order, order.items[0]!)], said: saidPlainly(order) }
}

/** The wanted variant is gone; the next best may be gone as well; in the end money back will do, or nothing. */
function outOfStock(world: World, depth: 1 | 2): Drawn {
  const order = addOrder(world, { status: 'delivered', items: 1 })
  const item = order.items[0]!
  const others = world.store.products
    .get(item.product)!
    .variants.filter((variant) => variant.sku !== item.sku)
  const wishes = others.slice(0, depth).map((variant) => {
    variant.stock = 0
    return { ...wishFor('exchange', order, item), want: { sku: variant.sku, label: variant.label } }
  })
  const [first, ...next] = wishes
  const last = world.rng.chance(0.6) ? [wishFor('refund', order, item)] : []
  return { wishes: [first!], said: saidPlainly(order), alternatives: [...next, ...last] }
}

function struck(world: World, tool: string, strikes: 'before' | 'after' | 'lost', drawn: Drawn): Drawn {
  world.store.faults.push({ tool, strikes })
  return drawn
}

function saidPlainly(order: Order): Said {
  return { orderId: order.id, variant: true, want: true }
}

function wishFor(act: Act, order: Order, item: OrderItem): Wish {
  return {
    act,
    orderId: order.id,
    itemId: act === 'refund' || act === 'exchange' ? item.itemId : null,
    product: item.product,
    variant: item.variant,
    want: null,
    address: null,
    reason: 'unwanted',
  }
}

function exchangeWish(world: World, order: Order, item: OrderItem): Wish {
  const others = world.store.products
    .get(item.product)!
    .variants.filter((variant) => variant.sku !== item.sku)
  const { sku, label } = world.rng.pick(others)
  return { ...wishFor('exchange', order, item), want: { sku, label } }
}

function addressWish(world: World, order: Order): Wish {
  return { ...wishFor('address', order, order.items[0]!), address: drawAddress(world.rng) }
}
