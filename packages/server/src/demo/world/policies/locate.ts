import type { Desk } from '../conversation.ts'
import type { Ask, Obstacle } from '../moves.ts'
import { type CustomerView, type ItemView, type OrderView, readOrder, readOrders } from './order-view.ts'
import type { PolicyConfig } from './policy.ts'

export type Located =
  | { readonly kind: 'found'; readonly order: OrderView; readonly item: ItemView }
  | { readonly kind: 'not-found'; readonly why: Obstacle }

/** Which order and which item of it the customer means. `customer` is null when nobody was identified. */
export function locate(desk: Desk, ask: Ask, customer: CustomerView | null, config: PolicyConfig): Located {
  const found =
    ask.orderId === null
      ? byProduct(desk, ask, customer, config)
      : byNumber(desk, ask.orderId, ask, customer, config)
  return found.kind === 'order' ? pickItem(desk, found.order, ask, customer, config) : found
}

type Found =
  | { readonly kind: 'order'; readonly order: OrderView }
  | { readonly kind: 'not-found'; readonly why: Obstacle }

function byNumber(
  desk: Desk,
  said: string,
  ask: Ask,
  customer: CustomerView | null,
  config: PolicyConfig,
): Found {
  let orderId = said
  for (const lastTry of [false, true]) {
    const order = readOrder(desk, orderId)
    const isTheirs = order !== null && (!config.checks.ownership || owns(customer, order))
    if (isTheirs) return { kind: 'order', order }
    const why = order === null ? 'not-found' : 'not-yours'
    if (lastTry) return { kind: 'not-found', why }
    if (why === 'not-yours')
      desk.think(`Order ${orderId} is in another customer's name. I will not act on it.`)
    orderId = desk.ask({ kind: 'ask-order', topic: ask.topic, why }).orderId ?? orderId
  }
  return { kind: 'not-found', why: 'not-found' }
}

/** Nobody identified means nothing to compare with: the number is taken at its word. */
function owns(customer: CustomerView | null, order: OrderView): boolean {
  return customer === null || order.customerId === customer.customerId
}

function byProduct(desk: Desk, ask: Ask, customer: CustomerView | null, config: PolicyConfig): Found {
  const fitting =
    customer === null
      ? []
      : readOrders(desk, customer.customerId).filter((order) =>
          order.items.some((item) => item.product === ask.product),
        )
  const [first] = fitting
  if (first !== undefined && (fitting.length === 1 || !config.checks.clarifyItem))
    return { kind: 'order', order: first }
  const why = first === undefined ? 'missing' : 'several'
  const { orderId } = desk.ask({ kind: 'ask-order', topic: ask.topic, why })
  return orderId === null
    ? { kind: 'not-found', why: 'not-found' }
    : byNumber(desk, orderId, ask, customer, config)
}

function pickItem(
  desk: Desk,
  order: OrderView,
  ask: Ask,
  customer: CustomerView | null,
  config: PolicyConfig,
): Located {
  const fitting = matches(order, ask.product, ask.variant)
  const [first] = fitting
  const wholeOrder = ask.act === 'cancel' || ask.act === 'address' || ask.act === 'status'
  if (first !== undefined && (fitting.length === 1 || wholeOrder || !config.checks.clarifyItem)) {
    return { kind: 'found', order, item: first }
  }
  if (!config.checks.clarifyItem) return { kind: 'found', order, item: order.items[0]! }
  const choices = (first === undefined ? order.items : fitting).map(
    (item) => `${item.product}, ${item.variant}`,
  )
  const answer = desk.ask({ kind: 'ask-item', topic: ask.topic, product: ask.product, choices })
  if (answer.orderId !== null && answer.orderId !== order.orderId) {
    const other = byNumber(desk, answer.orderId, ask, customer, config)
    if (other.kind === 'not-found') return other
    const [item] = matches(other.order, ask.product, answer.variant)
    return item === undefined
      ? { kind: 'not-found', why: 'not-found' }
      : { kind: 'found', order: other.order, item }
  }
  const [item] = matches(order, ask.product, answer.variant)
  return item === undefined ? { kind: 'not-found', why: 'not-found' } : { kind: 'found', order, item }
}

function matches(order: OrderView, product: string, variant: string | null): readonly ItemView[] {
  return order.items.filter(
    (item) => item.product === product && (variant === null || item.variant === variant),
  )
}
