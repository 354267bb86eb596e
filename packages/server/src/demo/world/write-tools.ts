import { type Address, type Order, paidCents, type Store } from './store.ts'
import type { Tool, ToolArguments, ToolErrorCode, ToolResult } from './tool.ts'

/** Tools that change the store. The stakes class says what the call can do at worst. */
export const WRITE_TOOLS: readonly Tool[] = [
  {
    name: 'issue_refund',
    stakes: 'irreversible',
    parameters: { orderId: 'text', itemIds: 'texts', amountCents: 'cents' },
    run: onOrder((order, args) => {
      const itemIds = args.itemIds as readonly string[]
      const amountCents = args.amountCents as number
      if (order.status !== 'delivered')
        return refuse('not_delivered', `Order ${order.id} has not been delivered.`)
      if (order.exchanges.length > 0) return refuse('order_locked', `Order ${order.id} has an open exchange.`)
      const unknown = itemIds.find((id) => order.items.every((item) => item.itemId !== id))
      if (unknown !== undefined) return refuse('not_found', `Order ${order.id} has no item ${unknown}.`)
      // As in many real back ends the limit is the whole order, so paying for one item twice can go through.
      const paid = order.items.reduce((sum, item) => sum + paidCents(order, item), 0)
      const refunded = order.refunds.reduce((sum, refund) => sum + refund.amountCents, 0)
      if (amountCents + refunded > paid) {
        return refuse(
          'exceeds_amount_paid',
          `At most ${paid - refunded} cents of order ${order.id} are left to refund.`,
        )
      }
      order.refunds.push({ itemIds: [...itemIds], amountCents, paidTo: order.customerId })
      return { ok: true, value: { refundedCents: amountCents, to: order.payment } }
    }),
  },
  {
    name: 'cancel_order',
    stakes: 'irreversible',
    parameters: { orderId: 'text' },
    run: onOrder((order) => {
      if (order.status !== 'pending') return refuse('not_pending', `Order ${order.id} is ${order.status}.`)
      order.status = 'cancelled'
      return { ok: true, value: { status: order.status } }
    }),
  },
  {
    name: 'change_address',
    stakes: 'reversible',
    parameters: { orderId: 'text', address: 'address' },
    run: onOrder((order, args) => {
      if (order.status !== 'pending')
        return refuse('already_dispatched', `Order ${order.id} is ${order.status}.`)
      const { street, city, postcode } = args.address as Address
      order.address = { street, city, postcode }
      return { ok: true, value: { address: order.address } }
    }),
  },
  {
    name: 'exchange_item',
    stakes: 'costly',
    parameters: { orderId: 'text', itemId: 'text', sku: 'text' },
    run: onOrder((order, { itemId, sku }, store) => {
      if (order.status !== 'delivered')
        return refuse('not_delivered', `Order ${order.id} has not been delivered.`)
      if (order.exchanges.length > 0) return refuse('order_locked', `Order ${order.id} has an open exchange.`)
      const item = order.items.find((one) => one.itemId === itemId)
      if (item === undefined) return refuse('not_found', `Order ${order.id} has no item ${String(itemId)}.`)
      if (order.refunds.some((refund) => refund.itemIds.includes(item.itemId))) {
        return refuse('item_refunded', `Item ${item.itemId} has been refunded.`)
      }
      if (item.sku === sku) return refuse('same_variant', `Item ${item.itemId} already is ${item.variant}.`)
      const variant = store.products.get(item.product)?.variants.find((one) => one.sku === sku)
      if (variant === undefined)
        return refuse('not_found', `There is no ${item.product} with sku ${String(sku)}.`)
      if (variant.stock === 0) return refuse('out_of_stock', `${item.product}, ${variant.label}: none left.`)
      variant.stock -= 1
      order.exchanges.push({ itemId: item.itemId, sku: variant.sku })
      return { ok: true, value: { exchangedFor: variant.label } }
    }),
  },
  {
    name: 'add_note',
    stakes: 'reversible',
    parameters: { ticketId: 'text', text: 'text' },
    run: (store, { ticketId, text }) => {
      const ticket = store.tickets.get(ticketId as string)
      if (ticket === undefined) return refuse('not_found', `There is no ticket ${String(ticketId)}.`)
      ticket.notes.push(text as string)
      return { ok: true, value: { notes: ticket.notes.length } }
    },
  },
  {
    name: 'close_ticket',
    stakes: 'reversible',
    parameters: { ticketId: 'text' },
    run: leaveTicket('closed'),
  },
  {
    name: 'escalate_to_person',
    stakes: 'reversible',
    parameters: { ticketId: 'text', reason: 'text' },
    run: leaveTicket('escalated'),
  },
]

function onOrder(run: (order: Order, args: ToolArguments, store: Store) => ToolResult): Tool['run'] {
  return (store, args) => {
    const order = store.orders.get(args.orderId as string)
    return order === undefined
      ? refuse('not_found', `There is no order ${String(args.orderId)}.`)
      : run(order, args, store)
  }
}

function leaveTicket(status: 'closed' | 'escalated'): Tool['run'] {
  return (store, { ticketId, reason }) => {
    const ticket = store.tickets.get(ticketId as string)
    if (ticket === undefined) return refuse('not_found', `There is no ticket ${String(ticketId)}.`)
    if (ticket.status !== 'open') return refuse('ticket_not_open', `Ticket ${ticket.id} is ${ticket.status}.`)
    ticket.status = status
    if (typeof reason === 'string') ticket.notes.push(reason)
    return { ok: true, value: { status } }
  }
}

function refuse(code: ToolErrorCode, message: string): ToolResult {
  return { ok: false, code, message }
}
