/**
 * The back end's memory: customers, orders, products and tickets of one episode. Plain values; only the tools
 * change them. Money in cents, times in whole days before today, so that nothing here needs a clock.
 */
export type Store = {
  readonly customers: Map<string, Customer>
  readonly orders: Map<string, Order>
  readonly products: Map<string, Product>
  readonly tickets: Map<string, Ticket>
  /** Hiccups of the back end still to come. Each strikes the next call of its tool once. */
  readonly faults: Fault[]
}

export type Customer = {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly postcode: string
}

export type Address = { readonly street: string; readonly city: string; readonly postcode: string }

export type Variant = { readonly sku: string; readonly label: string; stock: number }

export type Product = {
  readonly name: string
  readonly listCents: number
  readonly variants: readonly Variant[]
}

export type OrderItem = {
  readonly itemId: string
  readonly product: string
  readonly variant: string
  readonly sku: string
  readonly listCents: number
  readonly clearance: boolean
}

export type OrderStatus = 'pending' | 'processed' | 'delivered' | 'cancelled'

export type Order = {
  readonly id: string
  readonly customerId: string
  status: OrderStatus
  readonly orderedDaysAgo: number
  /** Null until it is delivered. */
  readonly deliveredDaysAgo: number | null
  /** Whole-order discount in percent, 0 to 100, taken off every item. */
  readonly discountPercent: number
  readonly payment: string
  address: Address
  readonly items: readonly OrderItem[]
  readonly refunds: Refund[]
  readonly exchanges: Exchange[]
}

export type Refund = {
  readonly itemIds: readonly string[]
  readonly amountCents: number
  readonly paidTo: string
}
export type Exchange = { readonly itemId: string; readonly sku: string }

export type Ticket = {
  readonly id: string
  status: 'open' | 'closed' | 'escalated'
  readonly notes: string[]
}

/**
 * `before`: the call times out and nothing was written. `after`: it was written, then the answer timed out.
 * `lost`: the back end answers that all is well, and wrote nothing.
 */
export type Fault = { readonly tool: string; readonly strikes: 'before' | 'after' | 'lost' }

export function createStore(): Store {
  return { customers: new Map(), orders: new Map(), products: new Map(), tickets: new Map(), faults: [] }
}

/** What the customer paid for one item, after the order's discount, in whole cents. */
export function paidCents(order: Pick<Order, 'discountPercent'>, item: Pick<OrderItem, 'listCents'>): number {
  return Math.round((item.listCents * (100 - order.discountPercent)) / 100)
}
