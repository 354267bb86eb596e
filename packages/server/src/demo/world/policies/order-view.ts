import type { Desk } from '../conversation.ts'
import type { Address } from '../store.ts'
import type { ToolResult } from '../tool.ts'

/** An order as the look-up tools give it. */
export type OrderView = {
  readonly orderId: string
  readonly customerId: string
  readonly status: 'pending' | 'processed' | 'delivered' | 'cancelled'
  readonly orderedDaysAgo: number
  readonly deliveredDaysAgo: number | null
  readonly discountPercent: number
  readonly address: Address
  readonly items: readonly ItemView[]
  readonly refunds: readonly { readonly itemIds: readonly string[]; readonly amountCents: number }[]
  readonly exchanges: readonly { readonly itemId: string; readonly sku: string }[]
}

export type ItemView = {
  readonly itemId: string
  readonly product: string
  readonly variant: string
  readonly sku: string
  readonly listCents: number
  readonly clearance: boolean
}

export type CustomerView = { readonly customerId: string; readonly name: string; readonly postcode: string }

export function readOrder(desk: Desk, orderId: string): OrderView | null {
  return answerAs<OrderView>(desk.call('get_order', { orderId }))
}

export function readOrders(desk: Desk, customerId: string): readonly OrderView[] {
  return answerAs<{ orders: readonly OrderView[] }>(desk.call('list_orders', { customerId }))?.orders ?? []
}

/** The tool's answer as the shape its documentation promises; null when it refused. */
export function answerAs<T>(result: ToolResult): T | null {
  return result.ok ? (result.value as unknown as T) : null
}
